namespace XenActors.Experiments.Faults;

/// <summary>One setting of a fault's kind.</summary>
/// <param name="Name">The key in a scenario file.</param>
/// <param name="Default">As it would be written; null when it must be given.</param>
/// <param name="Range">What is allowed, in words; for a choice its words with <c>|</c> between them.</param>
/// <param name="Meaning">One line.</param>
public sealed record FaultParameter(string Name, FaultValue Value, string? Default, string Range, string Meaning)
{
    /// <summary>The numbers that a count or a number may have.</summary>
    public double Least { get; init; }

    public double Most { get; init; } = long.MaxValue;

    /// <summary>The words of a choice.</summary>
    public IReadOnlyList<string> Words => Value == FaultValue.Choice ? Range.Split('|') : [];

    /// <summary>What a value is counted in; empty where it has no unit.</summary>
    public string Unit => Value switch
    {
        FaultValue.Duration => "ns, us, ms, s, m",
        FaultValue.Probability => "0 to 1",
        _ => "",
    };
}
