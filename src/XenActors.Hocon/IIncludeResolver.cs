namespace XenActors.Hocon;

/// <summary>Supplies file text by name, so that a caller decides what a "file" is.</summary>
public interface IIncludeResolver
{
    /// <summary>The full name of <paramref name="target"/> as written in the file <paramref name="including"/>.</summary>
    /// <remarks>Two spellings of one file must give one name: that is how include cycles are seen.</remarks>
    string Locate(string including, string target);

    /// <summary>The text at a full name, or null when nothing is there.</summary>
    string? Read(string location);
}
