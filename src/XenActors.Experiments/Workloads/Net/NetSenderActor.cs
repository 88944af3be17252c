using XenActors.Guest.Net;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Experiments.Workloads.Net;

/// <summary>The next frame is due.</summary>
[Codec]
public readonly partial record struct NetSendDue;

[Codec]
public sealed partial class NetSenderState
{
    public required NetJob Job { get; init; }

    /// <summary>The job's number, which its frames carry.</summary>
    public required uint Stream { get; init; }

    public required ushort Domain { get; init; }

    public required ActorRef Driver { get; init; }

    public required MacAddress Mac { get; init; }

    /// <summary>Frames handed to the kernel: the next one's number.</summary>
    public long Sent { get; set; }

    public long SentBytes { get; set; }

    /// <summary>Frames that did not come onto the ring: no carrier, or a queue that was full.</summary>
    public long Dropped { get; set; }

    /// <summary>How often a frame had to wait for the memory of earlier ones.</summary>
    public long Blocked { get; set; }

    /// <summary>Memory that frames have which the kernel has not let go of.</summary>
    public int InKernel { get; set; }

    /// <summary>Lengths by cookie, while the kernel has the frames.</summary>
    public SortedDictionary<long, int> Out { get; init; } = [];

    /// <summary>A frame is due, and there is no memory for it.</summary>
    public bool Waiting { get; set; }

    /// <summary>What came back.</summary>
    public NetLedger Replies { get; init; } = new();

    public long Corrupt { get; set; }

    /// <summary>The device was taken away, and the socket with it: ENETDOWN (packet_notifier).</summary>
    public bool Down { get; set; }

    public bool Done => (Sent >= Job.Count || Down) && Out.Count == 0;
}

/// <summary>A program in a guest that sends a job's frames through a packet socket, at the job's pace or as fast as its socket's memory allows.</summary>
public sealed class NetSenderActor : Actor<NetSenderState>
{
    // What a frame takes beside its bytes: Linux' struct sk_buff and skb_shared_info.
    private const int SkbOverhead = 576;

    protected override void PreStart()
    {
        if (State.Job.Mtu > 0)
        {
            Context.Tell(State.Driver, new SetMtu(State.Job.Mtu));
        }

        Context.Watch(State.Driver);
        Context.Tell(State.Driver, new OpenPacketSocket(EthernetHeader.Experimental));
        Due();
    }

    public void On(in NetSendDue m) => Due();

    public void On(in FrameSent m)
    {
        if (State.Out.Remove(m.Cookie, out var length))
        {
            State.InKernel -= length;
        }

        State.Dropped += m.Sent ? 0 : 1;
        if (State.Waiting)
        {
            State.Waiting = false;
            Due();
        }

        if (State is { Done: true, Job: { Closes: true, Echo: false } })
        {
            Context.Tell(State.Driver, new ClosePacketSocket());
        }
    }

    public void On(in Terminated m)
    {
        State.Down = true;
        State.Dropped += State.Out.Count;
        State.Out.Clear();
        State.InKernel = 0;
    }

    public void On(in FrameReceived m)
    {
        if (NetStamp.Read(m.Frame.Bytes.Span) is not { } stamp)
        {
            State.Corrupt++;
        }
        else if (stamp.Reply && stamp.Stream == State.Stream)
        {
            State.Replies.Take(in stamp, Context.Now);
        }
    }

    private void Due()
    {
        var job = State.Job;
        while (State.Sent < job.Count && !State.Down)
        {
            if (State.InKernel > job.SocketBytes)
            {
                (State.Waiting, State.Blocked) = (true, State.Blocked + 1);
                return;
            }

            Send();
            if (job.IntervalNs > 0)
            {
                if (State.Sent < job.Count)
                {
                    Context.StartTimer(new NetSendDue(), new VirtualDuration(job.IntervalNs));
                }

                return;
            }
        }
    }

    private void Send()
    {
        var job = State.Job;
        var least = Math.Max(job.FrameBytes, NetStamp.FrameMin);
        var length = job.FrameBytesMax > least ? least + (int)Context.Random.Next(job.FrameBytesMax - least + 1) : least;
        var sequence = State.Sent++;
        State.SentBytes += length;
        State.Out.Add(sequence, length + SkbOverhead);
        State.InKernel += length + SkbOverhead;
        var frame = new NetStamp(State.Stream, State.Domain, sequence, length, Context.Now.Nanoseconds, Reply: false).Frame(job.PeerMac, State.Mac);
        Context.Tell(State.Driver, new SendFrame(new NetFrame(frame), sequence));
    }
}
