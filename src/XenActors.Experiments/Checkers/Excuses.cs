namespace XenActors.Experiments.Checkers;

/// <summary>What an installed fault may rightly have ended.</summary>
internal static class Excuses
{
    /// <summary>Whether a domain, anything of it, or the host stands in a list of scopes.</summary>
    public static bool Names(this List<string> scopes, ushort domain)
    {
        var name = $"dom{domain}";
        return scopes.Exists(s => s == "host" || s == name || s.StartsWith(name + "/", StringComparison.Ordinal));
    }

    /// <summary>Whether a device or domain, as <c>dom1/vbd/51712</c>, or what it is part of, stands among the degraded.</summary>
    public static bool Excuse(this CheckedRun run, string device)
    {
        foreach (var degraded in run.Degraded)
        {
            if (degraded == "host" || degraded == device || (device.StartsWith(degraded, StringComparison.Ordinal) && device[degraded.Length] == '/'))
            {
                return true;
            }
        }

        return false;
    }
}
