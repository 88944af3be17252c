using XenActors.Abi;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>The requests of a boot in the making: what peers ask, in Xen's verbs.</summary>
internal sealed class BootScript
{
    private readonly List<BootStep> steps = [];
    private BootPeer peer;
    private bool inTransaction;

    public IReadOnlyList<BootStep> Steps => steps;

    /// <summary>Who asks from here on.</summary>
    public void As(BootPeer who) => peer = who;

    public void Begin()
    {
        Add(XsWireType.TransactionStart, "|");
        inTransaction = true;
    }

    public void Commit()
    {
        Add(XsWireType.TransactionEnd, "T|");
        inTransaction = false;
    }

    public void Read(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths) Add(XsWireType.Read, path + "|", true);
    }

    public void List(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths) Add(XsWireType.Directory, path + "|", true);
    }

    public void Write(string path, string value = "") => Add(XsWireType.Write, $"{path}|{value}");

    public void Mkdir(string path) => Add(XsWireType.Mkdir, path + "|");

    public void Rm(string path) => Add(XsWireType.Rm, path + "|", true);

    public void Perms(string path, params ReadOnlySpan<string> permissions) =>
        Add(XsWireType.SetPerms, $"{path}|{string.Join('|', permissions!)}|", true);

    public void Watch(string path, string token) => Add(XsWireType.Watch, $"{path}|{token}|");

    public void Unwatch(string path, string token) => Add(XsWireType.Unwatch, $"{path}|{token}|", true);

    public void DomainPath(int domid) => Add(XsWireType.GetDomainPath, FormattableString.Invariant($"{domid}|"));

    private void Add(XsWireType type, string payload, bool mayFail = false) =>
        steps.Add(new(peer, BenchClient.Request(type, payload), inTransaction, mayFail));
}
