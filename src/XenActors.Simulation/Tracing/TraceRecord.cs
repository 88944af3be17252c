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
    /// <summary>The message's own number, the same on every engine. One that a fault rule delivers late or again keeps it.</summary>
    public ulong Number { get; init; }

    /// <summary>The number of the first message that was sent while this one was handled; the others follow one by one.</summary>
    public ulong SentFirst { get; init; }

    /// <summary>How many were.</summary>
    public int SentCount { get; init; }

    /// <summary>When the actor turned to it: later than <see cref="Time"/> when it still had work to do.</summary>
    public VirtualTime Began { get; init; }

    /// <summary>When its work was done; <see cref="Began"/> when there was none.</summary>
    public VirtualTime Ended { get; init; }

    /// <summary>What was worked on a vCPU: less than from <see cref="Began"/> to <see cref="Ended"/> when none was free at first.</summary>
    public VirtualDuration Work { get; init; }

    /// <summary>Nobody was there any more.</summary>
    public bool Dead { get; init; }

    /// <summary>This message was sent while that one was handled.</summary>
    public bool IsSentBy(in TraceRecord handled) => Number >= handled.SentFirst && Number - handled.SentFirst < (ulong)handled.SentCount;

    /// <summary>One line: time, receiver, sender, message with its fields.</summary>
    public override string ToString() => $"{Time} {Actor} <- {Sender} {Text}";
}
