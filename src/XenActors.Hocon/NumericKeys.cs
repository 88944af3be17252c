using System.Globalization;

namespace XenActors.Hocon;

/// <summary>The rule that <c>{ "0": a, "1": b }</c> stands for <c>[a, b]</c> where a list is wanted.</summary>
internal static class NumericKeys
{
    /// <summary>The values of the numeric keys by rising key, gaps closed and other keys ignored; null when there is none.</summary>
    public static List<T>? InOrder<T>(OrderedDictionary<string, T> fields)
    {
        var found = new SortedDictionary<int, T>();
        foreach (var (key, value) in fields)
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                found[index] = value;
            }
        }
        return found.Count == 0 ? null : [.. found.Values];
    }
}
