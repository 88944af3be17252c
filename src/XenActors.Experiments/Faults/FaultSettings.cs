using System.Globalization;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Experiments.Faults;

/// <summary>A fault's parameters, read and checked against its kind.</summary>
internal sealed class FaultSettings
{
    private static readonly (string Unit, double Nanoseconds)[] Units =
        [("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9)];

    private readonly FaultSpec _spec;
    private readonly FaultKind _kind;

    public FaultSettings(FaultSpec spec, FaultKind kind)
    {
        (_spec, _kind) = (spec, kind);
        foreach (var name in spec.Parameters.Keys)
        {
            if (kind.Find(name) is null)
            {
                throw new UserErrorException(
                    $"{PlaceOf(name)}: {kind.Name} has no parameter {name}{NearestName.Suggest(name, kind.Parameters.Select(p => p.Name))}{Known(kind)}");
            }
        }

        foreach (var parameter in kind.Parameters)
        {
            Check(parameter);
        }
    }

    /// <summary>Where a parameter is written, for what is wrong with it.</summary>
    public string PlaceOf(string parameter) => _spec.ParameterPlaces.GetValueOrDefault(parameter) ?? _spec.Where;

    /// <summary>As written, or the default; empty when there is neither.</summary>
    public string Text(string parameter) =>
        _spec.Parameters.GetValueOrDefault(parameter) ?? _kind.Find(parameter)?.Default ?? "";

    public double Number(string parameter) => double.Parse(Text(parameter), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A count; the largest when it is unlimited.</summary>
    public long Count(string parameter) =>
        Text(parameter) == "unlimited" ? long.MaxValue : long.Parse(Text(parameter), NumberStyles.None, CultureInfo.InvariantCulture);

    public VirtualDuration Duration(string parameter) => ParseDuration(Text(parameter))!.Value;

    private static string Known(FaultKind kind) => kind.Parameters.Count == 0 ? "; it has none" : "";

    private void Check(FaultParameter parameter)
    {
        if (!_spec.Parameters.TryGetValue(parameter.Name, out var text))
        {
            if (parameter.Default is null)
            {
                throw new UserErrorException($"{_spec.Where}: {_kind.Name} needs {parameter.Name}: {parameter.Meaning}");
            }

            return;
        }

        var ok = parameter.Value switch
        {
            FaultValue.Choice => parameter.Words.Contains(text),
            FaultValue.Duration => ParseDuration(text) is not null,
            FaultValue.Count => (text == "unlimited" && parameter.Range.Contains("unlimited", StringComparison.Ordinal))
                || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= parameter.Least && count <= parameter.Most),
            FaultValue.Number or FaultValue.Probability => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number >= parameter.Least && number <= parameter.Most,
            FaultValue.Device => text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && slash < text.Length - 1,
            _ => text.Length > 0,
        };
        if (!ok)
        {
            var hint = parameter.Value == FaultValue.Choice ? NearestName.Suggest(text, parameter.Words) : "";
            throw new UserErrorException($"{PlaceOf(parameter.Name)}: {parameter.Name} = {text}: expected {parameter.Range.Replace("|", " or ", StringComparison.Ordinal)}{hint}");
        }
    }

    private static VirtualDuration? ParseDuration(string text)
    {
        var digits = text.TrimEnd();
        var letters = digits.Length;
        while (letters > 0 && char.IsAsciiLetterLower(digits[letters - 1]))
        {
            letters--;
        }

        foreach (var (unit, nanoseconds) in Units)
        {
            if (digits[letters..] == unit
                && double.TryParse(digits[..letters].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * nanoseconds is >= 0 and < 9e18 and var length)
            {
                return new VirtualDuration((long)length);
            }
        }

        return null;
    }
}
