using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.TestKit.Machines;

/// <summary>
/// A client of the machine's xenstored under the test's control. Each call advances virtual time until its answer is in; watch events
/// that come meanwhile wait for <see cref="ExpectWatch"/>. A call that xenstored refuses fails the test; <see cref="Ask"/> does not.
/// </summary>
public sealed class StoreClientProbe
{
    private readonly MachineTest _test;
    private readonly TestProbe _probe;
    private readonly Queue<XsWatchEvent> _events = new();
    private uint _lastRequest;

    internal StoreClientProbe(MachineTest test, TestProbe probe)
    {
        _test = test;
        _probe = probe;
    }

    /// <summary>The actor behind it, and all that it has received.</summary>
    public TestProbe Probe => _probe;

    public string Read(string path, uint transaction = 0) => Done(XsWireType.Read, path + "\0", transaction);

    /// <summary>The children's names, in the store's order.</summary>
    public IReadOnlyList<string> Directory(string path, uint transaction = 0) =>
        Done(XsWireType.Directory, path + "\0", transaction) is { Length: > 0 } list ? list.TrimEnd('\0').Split('\0') : [];

    public void Write(string path, string value, uint transaction = 0) => Done(XsWireType.Write, $"{path}\0{value}", transaction);

    public void Rm(string path, uint transaction = 0) => Done(XsWireType.Rm, path + "\0", transaction);

    /// <summary>Permissions in the wire's form: <c>n0</c>, <c>r1</c>; the first one's domain is the owner.</summary>
    public void SetPerms(string path, params ReadOnlySpan<string> permissions) =>
        Done(XsWireType.SetPerms, $"{path}\0{string.Join('\0', permissions!)}\0", 0);

    /// <summary>Watches, and takes the event with which xenstored answers every new watch.</summary>
    public void Watch(string path)
    {
        Done(XsWireType.Watch, $"{path}\0{path}\0", 0);
        ExpectWatch(path);
    }

    /// <summary>Begins a transaction; its number goes with what belongs to it.</summary>
    public uint Begin() => uint.Parse(Done(XsWireType.TransactionStart, "\0", 0).TrimEnd('\0'), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Commits. <see cref="XenErrno.EAGAIN"/>: somebody else came between, and nothing of it has happened.</summary>
    public XenErrno Commit(uint transaction) => Ask(XsWireType.TransactionEnd, "T\0", transaction).Error;

    public void Abort(uint transaction) => Done(XsWireType.TransactionEnd, "F\0", transaction);

    /// <summary>Any request, refused or not.</summary>
    public StoreResult Ask(XsWireType type, string payload, uint transaction = 0)
    {
        var request = new XsRequest(type, ++_lastRequest, transaction, Encoding.Latin1.GetBytes(payload));
        _probe.Send(_test.Machine.Xenstored, in request);
        var deadline = _test.Simulator.Now + SimulationTest.Patience;
        while (Next(deadline) is { } next)
        {
            if (next.Is<XsReply>() && next.Get<XsReply>() is var reply && reply.ReqId == _lastRequest)
            {
                return StoreResult.Of(in reply);
            }

            Keep(next);
        }

        throw _test.Failure($"expected xenstored's answer to {request} within {SimulationTest.Patience}, and nothing came");
    }

    /// <summary>The next watch event, which must be for this path and come before this much time has passed.</summary>
    public void ExpectWatch(string path, VirtualDuration within)
    {
        var deadline = _test.Simulator.Now + within;
        while (_events.Count == 0)
        {
            Keep(Next(deadline) ?? throw _test.Failure($"expected a watch event for {path} within {within}, and nothing came"));
        }

        if (_events.Dequeue() is var got && got.Path != path)
        {
            throw _test.Failure($"expected a watch event for {path} within {within}, and got one for {got.Path}");
        }
    }

    /// <summary>The next watch event, within <see cref="SimulationTest.Patience"/>.</summary>
    public void ExpectWatch(string path) => ExpectWatch(path, SimulationTest.Patience);

    /// <summary>Advances by this much, in which no watch may fire.</summary>
    public void ExpectNoWatch(VirtualDuration duration)
    {
        var deadline = _test.Simulator.Now + duration;
        while (_events.Count == 0 && Next(deadline) is { } next)
        {
            Keep(next);
        }

        if (_events.TryDequeue(out var got))
        {
            throw _test.Failure($"expected no watch event for {duration}, and got one for {got.Path}");
        }
    }

    private string Done(XsWireType type, string payload, uint transaction)
    {
        var result = Ask(type, payload, transaction);
        return result.Error == XenErrno.None
            ? result.Text
            : throw _test.Failure($"xenstored refused {type} {payload.Replace('\0', ' ').TrimEnd()} with {result.Error}");
    }

    // What has arrived already is there without any wait.
    private ReceivedMessage? Next(VirtualTime deadline) =>
        _probe.Next(deadline > _test.Simulator.Now ? deadline - _test.Simulator.Now : VirtualDuration.Zero);

    private void Keep(ReceivedMessage message)
    {
        if (message.Is<XsWatchEvent>())
        {
            _events.Enqueue(message.Get<XsWatchEvent>());
        }
    }
}
