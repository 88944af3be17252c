using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>
/// Requests to xenstored, asked one after another, each when the one before is answered, as libxenstore's calls are. A commit that
/// meets EAGAIN starts its transaction anew.
/// </summary>
[Codec]
public sealed partial class StoreBatch
{
    private int next;
    private bool pruning;
    private string cleaning = "";
    private CleanupAsk asked;

    public List<StoreOp> Ops { get; private set; } = [];

    /// <summary>The first refusal of something that should have worked, as <c>ENOSPC: WRITE /local/...</c>.</summary>
    public string? Failure { get; private set; }

    /// <summary>How often a transaction was begun anew.</summary>
    public int Restarts { get; private set; }

    public StoreBatch Begin() => Add(StoreOpKind.Begin, "");

    public StoreBatch End() => Add(StoreOpKind.End, "");

    public StoreBatch Write(string path, string value) => Add(StoreOpKind.Write, path, value);

    /// <summary>A write and its permissions.</summary>
    public StoreBatch Write(string path, string value, string permissions) => Write(path, value).SetPerms(path, permissions);

    public StoreBatch Mkdir(string path) => Add(StoreOpKind.Mkdir, path);

    public StoreBatch Rm(string path) => Add(StoreOpKind.Rm, path);

    public StoreBatch SetPerms(string path, string permissions) => Add(StoreOpKind.SetPerms, path, permissions);

    public StoreBatch Read(string path) => Add(StoreOpKind.Read, path);

    public StoreBatch Directory(string path) => Add(StoreOpKind.Directory, path);

    public StoreBatch DomainPath(ushort domain) => Add(StoreOpKind.DomainPath, $"{domain}");

    public StoreBatch Watch(string path, string token) => Add(StoreOpKind.Watch, path, token);

    public StoreBatch Unwatch(string path, string token) => Add(StoreOpKind.Unwatch, path, token);

    public StoreBatch Prune(string path) => Add(StoreOpKind.Prune, path);

    public StoreBatch Cleanup(string path) => Add(StoreOpKind.Cleanup, path);

    public StoreBatch Add(StoreOpKind kind, string path, string value = "")
    {
        Ops.Add(new(kind, path, value));
        return this;
    }

    /// <summary>To be called to begin, and whenever all answers are in. True when nothing is left to ask.</summary>
    public bool Advance(ActorContext context, XenstoreClient xs)
    {
        if (next > 0 && Settle(context, xs, Ops[next - 1]))
        {
            return false;
        }

        while (next < Ops.Count && Ops[next].Kind == StoreOpKind.WriteUnlessClosed && xs.Text(Ops[next].Path) is null or Closed)
        {
            next++;
        }

        if (next == Ops.Count)
        {
            return true;
        }

        Ask(context, xs, Ops[next++]);
        return false;
    }

    // XenbusStateClosed
    private const string Closed = "6";

    // One step upwards: the directory's value, its children, its removal. True when something was asked.
    private bool Climb(ActorContext context, XenstoreClient xs, string path)
    {
        var at = cleaning.Length > 0 ? cleaning : path;
        switch (asked)
        {
            case CleanupAsk.Removal when xs.ErrorOf(at) == XenErrno.None && at.LastIndexOf('/') is > 0 and var slash:
                cleaning = at[..slash];
                asked = CleanupAsk.Value;
                xs.Read(context, cleaning);
                return true;
            case CleanupAsk.Value when xs.Text(at) is "":
                asked = CleanupAsk.Children;
                xs.Directory(context, at);
                return true;
            case CleanupAsk.Children when xs.ErrorOf("/" + at) == XenErrno.None && xs.Children(at).Length == 0:
                asked = CleanupAsk.Removal;
                xs.Rm(context, at);
                return true;
            default:
                (cleaning, asked) = ("", CleanupAsk.Removal);
                return false;
        }
    }

    // What the last answer means; true when something more was asked because of it.
    private bool Settle(ActorContext context, XenstoreClient xs, in StoreOp last)
    {
        if (last.Kind == StoreOpKind.End && xs.Again)
        {
            Restarts++;
            next = Ops.FindLastIndex(next - 1, o => o.Kind == StoreOpKind.Begin);
            return false;
        }

        if (last.Kind == StoreOpKind.Vacant && xs.ErrorOf(last.Path) == XenErrno.None)
        {
            Failure = "device already exists in xenstore";
            next = Ops.Count;
            xs.End(context, commit: false);
            return true;
        }

        if (last.Kind == StoreOpKind.Cleanup)
        {
            return Climb(context, xs, last.Path);
        }

        if (last.Kind == StoreOpKind.Prune && !pruning && xs.ErrorOf("/" + last.Path) == XenErrno.None && xs.Children(last.Path).Length == 0)
        {
            pruning = true;
            xs.Rm(context, last.Path);
            return true;
        }

        pruning = false;
        var error = xs.ErrorOf(last.Path);
        if (error != XenErrno.None && last.Kind is StoreOpKind.Write or StoreOpKind.Mkdir or StoreOpKind.SetPerms or StoreOpKind.Introduce)
        {
            Failure ??= $"{error}: {last.Kind} {last.Path}";
        }

        return false;
    }

    private static void Ask(ActorContext context, XenstoreClient xs, in StoreOp op)
    {
        switch (op.Kind)
        {
            case StoreOpKind.Begin: xs.Begin(context); break;
            case StoreOpKind.End: xs.End(context); break;
            case StoreOpKind.Write: xs.Write(context, op.Path, op.Value); break;
            case StoreOpKind.Mkdir: xs.Mkdir(context, op.Path); break;
            case StoreOpKind.WriteUnlessClosed: xs.Write(context, op.Path, op.Value); break;
            case StoreOpKind.Rm or StoreOpKind.Cleanup: xs.Rm(context, op.Path); break;
            case StoreOpKind.SetPerms: xs.SetPerms(context, op.Path, op.Value.Split(' ')); break;
            case StoreOpKind.Read or StoreOpKind.Vacant: xs.Read(context, op.Path); break;
            case StoreOpKind.Directory or StoreOpKind.Prune: xs.Directory(context, op.Path); break;
            case StoreOpKind.DomainPath: xs.Send(context, XsWireType.GetDomainPath, "(path)", op.Path + "\0"); break;
            case StoreOpKind.Watch: xs.Watch(context, op.Path, op.Value); break;
            case StoreOpKind.Unwatch: xs.Unwatch(context, op.Path, op.Value); break;
            case StoreOpKind.Introduce: xs.Send(context, XsWireType.Introduce, op.Path, op.Value.Replace(' ', '\0') + "\0"); break;
            case StoreOpKind.Resume: xs.Send(context, XsWireType.Resume, "(resume)", op.Path + "\0"); break;
            case StoreOpKind.Release: xs.Send(context, XsWireType.Release, "(release)", op.Path + "\0"); break;
            default: throw new SimulationException($"no request for {op.Kind}");
        }
    }
}

/// <summary>What a cleanup has asked last.</summary>
public enum CleanupAsk : byte
{
    Removal,
    Value,
    Children,
}
