using System.Security.Cryptography;
using System.Text;

namespace XenActors.Experiments.Swarms;

/// <summary>A name of eight characters for a text: the same on every machine.</summary>
internal static class ShortName
{
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));
}
