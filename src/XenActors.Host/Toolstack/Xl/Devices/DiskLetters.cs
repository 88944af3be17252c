namespace XenActors.Toolstack.Xl;

/// <summary>The letters of a disk's name: a to z, aa, ab and so on (bijective base 26).</summary>
internal static class DiskLetters
{
    public static string Of(int disk)
    {
        var letters = "";
        for (var rest = disk; rest >= 0; rest = rest / 26 - 1)
        {
            letters = (char)('a' + rest % 26) + letters;
        }

        return letters;
    }
}
