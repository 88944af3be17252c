namespace XenActors.Toolstack.Xl;

/// <summary>Every key of xl.cfg(5) that xl reads; any other is ignored by it without a word.</summary>
public static class XlKeys
{
    private static readonly SortedDictionary<string, XlKey> ByName = Index();

    /// <summary>All keys, in ordinal order.</summary>
    public static IReadOnlyCollection<XlKey> All => ByName.Values;

    public static XlKey? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The nearest known key, if no more than two edits away.</summary>
    public static string? Suggest(string name)
    {
        string? best = null;
        var nearest = 3;
        foreach (var key in ByName.Keys)
        {
            var distance = EditDistance.Between(name, key, nearest);
            if (distance < nearest)
            {
                (best, nearest) = (key, distance);
            }
        }

        return best;
    }

    private static SortedDictionary<string, XlKey> Index()
    {
        var keys = new SortedDictionary<string, XlKey>(StringComparer.Ordinal);
        Add(XlKeyType.String, XlKeyTable.Strings);
        Add(XlKeyType.Number, XlKeyTable.Numbers);
        Add(XlKeyType.Bool, XlKeyTable.Bools);
        Add(XlKeyType.Memory, XlKeyTable.Memories);
        Add(XlKeyType.List, XlKeyTable.Lists);
        Add(XlKeyType.StringOrList, XlKeyTable.StringsOrLists);
        Add(XlKeyType.Choice, XlKeyTable.Choices);
        return keys;

        void Add(XlKeyType type, string table)
        {
            foreach (var entry in table.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = entry.IndexOf('=');
                var name = equals < 0 ? entry : entry[..equals];
                keys.Add(name, new XlKey(name, type, equals < 0 ? "" : entry[(equals + 1)..]));
            }
        }
    }
}
