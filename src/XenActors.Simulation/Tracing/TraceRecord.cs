namespace XenActors.Simulation;

/// <summary>One message as its receiver handled it.</summary>
public readonly record struct TraceRecord(VirtualTime Time, string Actor, string Sender, string Message, string Text)
{
    /// <summary>One line: time, receiver, sender, message with its fields.</summary>
    public override string ToString() => $"{Time} {Actor} <- {Sender} {Text}";
}
