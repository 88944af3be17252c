namespace XenActors.Simulation;

/// <summary>One message as its receiver handled it.</summary>
/// <param name="Time">When it arrived.</param>
/// <param name="Actor">The receiver's path.</param>
/// <param name="Sender">The sender's path, or "outside".</param>
/// <param name="Message">The message type's name.</param>
/// <param name="Text">The message as people read it.</param>
/// <param name="Digest">A hash of all its fields, those included that the text does not show, as the bytes of an array.</param>
public readonly record struct TraceRecord(VirtualTime Time, string Actor, string Sender, string Message, string Text, ulong Digest = 0)
{
    /// <summary>One line: time, receiver, sender, message with its fields.</summary>
    public override string ToString() => $"{Time} {Actor} <- {Sender} {Text}";
}
