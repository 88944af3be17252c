using System.Text;

namespace XenActors.Hocon;

/// <summary>Reads files; a relative name is taken from the including file's directory.</summary>
public sealed class FileIncludeResolver : IIncludeResolver
{
    private const int LengthMax = 16 << 20;

    // Invalid UTF-8 is an error by the specification, so the decoder must not replace it silently.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Locate(string including, string target) =>
        IncludeNames.Fold(Path.Combine(Path.GetDirectoryName(including) ?? "", target));

    /// <exception cref="IOException">The file cannot be read, or it is larger than any configuration; a device may have no end.</exception>
    public string? Read(string location)
    {
        if (!File.Exists(location))
        {
            return null;
        }

        using var stream = File.OpenRead(location);
        using var reader = new StreamReader(stream, Utf8);
        var text = new StringBuilder();
        var block = new char[4096];
        while (reader.Read(block) is > 0 and var length)
        {
            if (text.Append(block, 0, length).Length > LengthMax)
            {
                throw new IOException($"too large for a configuration: more than {LengthMax >> 20} Mi characters");
            }
        }

        return text.ToString();
    }
}
