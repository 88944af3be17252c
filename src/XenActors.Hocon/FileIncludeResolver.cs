using System.Text;

namespace XenActors.Hocon;

/// <summary>Reads files; a relative name is taken from the including file's directory.</summary>
public sealed class FileIncludeResolver : IIncludeResolver
{
    // Invalid UTF-8 is an error by the specification, so the decoder must not replace it silently.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Locate(string including, string target) =>
        IncludeNames.Fold(Path.Combine(Path.GetDirectoryName(including) ?? "", target));

    public string? Read(string location) => File.Exists(location) ? File.ReadAllText(location, Utf8) : null;
}
