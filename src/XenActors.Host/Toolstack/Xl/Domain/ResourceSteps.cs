namespace XenActors.Toolstack.Xl;

/// <summary>Scheduler, memory, vcpus and grant frames.</summary>
internal static class ResourceSteps
{
    // xl would try; eight times what the largest PV guest may have is enough to see the mistake.
    private const int VcpusSane = 1 << 16;

    public static DomainConfig Scheduler(XlConfigReader reader, DomainConfig config)
    {
        config = config with { CpuWeight = reader.Number("cpu_weight"), Cap = reader.Number("cap") };
        reader.Number("period");
        reader.Number("slice");
        reader.Number("latency");
        reader.Number("extratime");
        return config;
    }

    public static DomainConfig MemoryAndVcpus(XlConfigReader reader, DomainConfig config)
    {
        config = config with
        {
            Memory = reader.Number("memory"),
            MaxMem = reader.Number("maxmem"),
            Vcpus = reader.Number("vcpus"),
        };
        if (config.Vcpus is < 0 or > VcpusSane)
        {
            reader.Fail("vcpus", "Unable to allocate cpumap");
            return config;
        }

        var max = reader.Number("maxvcpus");
        config = config with { MaxVcpus = max is null or 0 ? config.Vcpus : max };
        if ((config.MaxVcpus ?? 0) < (config.Vcpus ?? 0))
        {
            reader.Fail("maxvcpus", "xl: maxvcpus < vcpus");
            return config;
        }

        CpuRanges.Check(reader, "cpus", config.MaxVcpus ?? 0);
        if (reader.ExitCode == 0)
        {
            CpuRanges.Check(reader, "cpus_soft", config.MaxVcpus ?? 0);
        }

        return config;
    }

    // xl asks for these three without warnings, and gives up without a word.
    public static DomainConfig GrantFrames(XlConfigReader reader, DomainConfig config)
    {
        var grant = reader.Number("max_grant_frames", true, 0, int.MaxValue);
        var maptrack = reader.Number("max_maptrack_frames", true, 0, int.MaxValue);
        var version = reader.Number("max_grant_version", true, 0, int.MaxValue);
        if ((grant == null && reader.Has("max_grant_frames")) || (maptrack == null && reader.Has("max_maptrack_frames"))
            || (version == null && reader.Has("max_grant_version")))
        {
            reader.FailSilently();
        }

        return config with { MaxGrantFrames = grant, MaxMaptrackFrames = maptrack, MaxGrantVersion = version };
    }
}
