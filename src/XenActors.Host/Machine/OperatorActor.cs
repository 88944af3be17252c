using XenActors.Simulation;
using XenActors.Toolstack.Libxl;

namespace XenActors.Machine;

[Codec]
public sealed partial class OperatorState
{
    public required ActorRef Toolstack { get; set; }

    /// <summary>Still to be created, the next one first.</summary>
    public required List<CreateGuest> Orders { get; set; }

    /// <summary>What the toolstack has answered, in order.</summary>
    public List<GuestCreated> Answers { get; set; } = [];

    /// <summary>How changes of CDs ended, in order.</summary>
    public List<CdChanged> CdAnswers { get; set; } = [];

    public bool Done { get; set; }
}

/// <summary>The person at dom0's shell: types <c>xl create</c> for each guest when the host is up, one after the other.</summary>
public sealed class OperatorActor : Actor<OperatorState>
{
    public void On(in Dom0Ready m) => Next();

    public void On(in GuestCreated m)
    {
        State.Answers.Add(m);
        Next();
    }

    /// <summary>Types <c>xl cd-insert</c> or <c>cd-eject</c>.</summary>
    public void On(in ChangeCd m) => Context.Tell(State.Toolstack, in m);

    public void On(in CdChanged m) => State.CdAnswers.Add(m);

    private void Next()
    {
        if (State.Orders.Count == 0)
        {
            State.Done = true;
            return;
        }

        var order = State.Orders[0];
        State.Orders.RemoveAt(0);
        Context.Tell(State.Toolstack, in order);
    }
}
