using XenActors.Simulation;

namespace XenActors.Tests.TestKit;

[Codec]
public readonly partial record struct Ask(int Number);

[Codec]
public readonly partial record struct Answer(int Number, string Text);

/// <summary>Answers after a while; fails on a negative number.</summary>
public sealed class EchoActor : Actor<NoState>
{
    public static readonly VirtualDuration Delay = VirtualDuration.FromMilliseconds(3);

    public void On(in Ask ask)
    {
        if (ask.Number < 0)
        {
            throw new InvalidOperationException("negative");
        }

        Context.Tell(Sender, new Answer(ask.Number, "echo"), Delay);
    }
}
