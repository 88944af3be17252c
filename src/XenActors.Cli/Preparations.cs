using System.Globalization;
using XenActors.Experiments.Boot;

namespace XenActors.Cli;

/// <summary>What a user should know before a host runs.</summary>
internal static class Preparations
{
    public static void Tell(BootSession session)
    {
        foreach (var warning in session.Warnings)
        {
            Errors.Tell(warning);
        }

        foreach (var volume in session.Volumes.Reports.Where(v => v.Made))
        {
            Errors.Tell(string.Create(
                CultureInfo.InvariantCulture, $"{volume.Path}: this machine lacks it; made for this run by the host profile, sparse, {volume.Bytes / 1024} KiB"));
        }
    }
}
