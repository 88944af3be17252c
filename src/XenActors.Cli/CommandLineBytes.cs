using System.Text;

namespace XenActors.Cli;

/// <summary>Arguments as the bytes that the shell passed, each as a Latin-1 character: xenstore's paths and values need not be UTF-8.</summary>
internal static class CommandLineBytes
{
    private const char NotUtf8 = '\uFFFD';

    public static string[] Of(string[] arguments)
    {
        // .NET has no other place for bytes that are not UTF-8.
        if (Array.Exists(arguments, a => a.Contains(NotUtf8, StringComparison.Ordinal)) && OperatingSystem.IsLinux())
        {
            var all = Encoding.Latin1.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[..^1];
            return all[^arguments.Length..];
        }

        return Array.ConvertAll(arguments, a => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(a)));
    }
}
