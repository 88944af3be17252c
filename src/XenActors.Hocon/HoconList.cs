using System.Collections;

namespace XenActors.Hocon;

/// <summary>A resolved list.</summary>
public sealed class HoconList : HoconValue, IReadOnlyList<HoconValue>
{
    private readonly IReadOnlyList<HoconValue> items;

    internal HoconList(HoconOrigin origin, IReadOnlyList<HoconValue> items)
        : base(origin) => this.items = items;

    public override HoconKind Kind => HoconKind.List;

    public int Count => items.Count;

    public HoconValue this[int index] => items[index];

    public IEnumerator<HoconValue> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string Describe() => $"list of {Count}";
}
