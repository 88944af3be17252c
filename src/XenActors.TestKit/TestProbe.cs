using XenActors.Simulation;

namespace XenActors.TestKit;

/// <summary>
/// An actor under the test's control. An expectation advances virtual time only as far as it needs: to the end of the window in
/// which the message arrives. After a restore, <see cref="SimulationTest.Attach"/> finds the probe again.
/// </summary>
public sealed class TestProbe
{
    private readonly SimulationTest _test;

    internal TestProbe(SimulationTest test, ActorRef reference)
    {
        _test = test;
        Ref = reference;
    }

    public ActorRef Ref { get; }

    /// <summary>All that it has received, in order.</summary>
    public IReadOnlyList<ReceivedMessage> Messages => State.Messages;

    private ProbeState State => _test.Simulator.StateOf<ProbeState>(Ref)
        ?? throw new SimulationException($"there is no probe at {Ref}");

    /// <summary>Sends as the probe, now; the message arrives one link latency later.</summary>
    public void Send<T>(ActorRef to, in T message)
        where T : ICodec<T>
    {
        var buffer = new CodecBuffer();
        var sink = new ByteSink(buffer);
        CodecOf.Encode(in message, ref sink);
        _test.Simulator.Tell(Ref, new ProbeSend(to, Message<T>.Type.Name, buffer.ToArray()));
    }

    /// <summary>From now on <see cref="ExpectTerminated"/> can hear of the actor's end.</summary>
    public void Watch(ActorRef actor) => _test.Simulator.Tell(Ref, new ProbeWatch(actor));

    /// <summary>The next message, which must be a <typeparamref name="T"/> and arrive before this much time has passed.</summary>
    public T ExpectMsg<T>(VirtualDuration within)
        where T : ICodec<T>
    {
        var wanted = $"expected {typeof(T).Name} within {within}";
        var next = Next(within) ?? throw _test.Failure($"{wanted}, and nothing came");
        return next.Is<T>() ? next.Get<T>() : throw _test.Failure($"{wanted}, and got {next}");
    }

    /// <summary>The next message, within <see cref="SimulationTest.Patience"/>.</summary>
    public T ExpectMsg<T>()
        where T : ICodec<T> => ExpectMsg<T>(SimulationTest.Patience);

    /// <summary>The next message, which must be equal to this one.</summary>
    public void ExpectMsg<T>(T message, VirtualDuration within)
        where T : ICodec<T>
    {
        var got = ExpectMsg<T>(within);
        if (!EqualityComparer<T>.Default.Equals(message, got))
        {
            throw _test.Failure($"expected {message} within {within}, and got {got}");
        }
    }

    /// <summary>Advances by this much, in which nothing may arrive.</summary>
    public void ExpectNoMsg(VirtualDuration duration)
    {
        if (Next(duration) is { } next)
        {
            throw _test.Failure($"expected no message for {duration}, and got {next}");
        }
    }

    /// <summary>The next message must tell of this actor's end; see <see cref="Watch"/>.</summary>
    public void ExpectTerminated(ActorRef actor, VirtualDuration within)
    {
        var ended = ExpectMsg<Terminated>(within).Actor;
        if (ended != actor)
        {
            throw _test.Failure($"expected the end of {_test.Simulator.PathOf(actor)}, and heard of {_test.Simulator.PathOf(ended)}");
        }
    }

    /// <summary>Takes the next message; null when none comes in time.</summary>
    internal ReceivedMessage? Next(VirtualDuration within)
    {
        if (State.Taken == State.Messages.Count)
        {
            State.Waiting = true;
            try
            {
                _test.Advance(within);
            }
            finally
            {
                State.Waiting = false;
            }
        }

        return State.Taken < State.Messages.Count ? State.Messages[State.Taken++] : null;
    }
}
