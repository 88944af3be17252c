namespace XenActors.Toolstack.Libxl;

/// <summary>
/// One device's three directories and the transaction that makes them (libxl__device_generic_add): the frontend belongs to the guest,
/// the backend to dom0, and /libxl keeps a copy of the backend that nobody else may touch.
/// </summary>
internal sealed class DeviceTree(ushort domain, string frontType, string backKind, long devid)
{
    private readonly List<(string Key, string Value, bool ReadOnly)> front = [];
    private readonly List<(string Key, string Value)> back = [];

    public string FrontPath { get; init; } = $"/local/domain/{domain}/device/{frontType}/{devid}";

    public string BackPath { get; } = $"/local/domain/0/backend/{backKind}/{domain}/{devid}";

    /// <summary>Null where the toolstack keeps no copy (xend).</summary>
    public string? PrivatePath { get; init; } = $"/libxl/{domain}/device/{frontType}/{devid}";

    /// <summary>The primary console's directory is dom0's: only its backend-id is the guest's.</summary>
    public bool FrontIsReadOnly { get; init; }

    public DeviceTree Front(string key, string value)
    {
        front.Add((key, value, FrontIsReadOnly));
        return this;
    }

    public DeviceTree FrontOwned(string key, string value)
    {
        front.Add((key, value, false));
        return this;
    }

    public DeviceTree FrontReadOnly(string key, string value)
    {
        front.Add((key, value, true));
        return this;
    }

    public DeviceTree Back(string key, string value)
    {
        back.Add((key, value));
        return this;
    }

    /// <summary>A key that is only there when it says something.</summary>
    public DeviceTree BackIf(string key, string value) => value.Length > 0 ? Back(key, value) : this;

    public StoreBatch Add(StoreBatch batch)
    {
        batch.Begin();
        if (PrivatePath is { } own)
        {
            batch.Read(own).DomainPath(domain).DomainPath(0);
            batch.Rm(own).Write($"{own}/frontend", FrontPath).Write($"{own}/backend", BackPath);
        }

        AddFront(batch);
        batch.Rm(BackPath).Mkdir(BackPath).SetPerms(BackPath, Readable()).Write($"{BackPath}/frontend", FrontPath);
        AddBackKeys(batch, BackPath);
        if (PrivatePath is { } copy)
        {
            AddBackKeys(batch, copy);
        }

        return batch.End();
    }

    /// <summary>What takes the device away again, with the directories that this leaves empty.</summary>
    public StoreBatch Remove(StoreBatch batch)
    {
        batch.Rm(FrontPath).Rm(BackPath);
        batch.Prune(Parent(BackPath)).Prune(Parent(Parent(BackPath))).Prune(Parent(Parent(Parent(BackPath))));
        return PrivatePath is { } own ? batch.Rm(own) : batch;
    }

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    private void AddFront(StoreBatch batch)
    {
        batch.Rm(FrontPath).Mkdir(FrontPath).SetPerms(FrontPath, FrontIsReadOnly ? Readable() : Owned());
        batch.Write($"{FrontPath}/backend", BackPath);
        foreach (var (key, value, readOnly) in front)
        {
            batch.Write($"{FrontPath}/{key}", value, readOnly ? Readable() : Owned());
        }
    }

    private void AddBackKeys(StoreBatch batch, string path)
    {
        foreach (var (key, value) in back)
        {
            batch.Write($"{path}/{key}", value);
        }
    }

    private string Owned() => $"n{domain} r0";

    private string Readable() => $"n0 r{domain}";
}
