namespace XenActors.Hocon;

internal sealed class ObjectNode(HoconOrigin origin) : Node(origin)
{
    public OrderedDictionary<string, Layer> Fields { get; } = [];

    /// <summary>Gives the key at a path one more value. Only while parsing, as are all changes.</summary>
    public void Push(IReadOnlyList<string> path, Node value)
    {
        var at = this;
        for (var i = 0; i + 1 < path.Count; i++)
        {
            at = at.Inner(path[i], value.Origin);
        }
        at.Push(path[^1], value);
    }

    /// <summary>Takes over all fields of an object that was written later.</summary>
    public void Absorb(ObjectNode newer)
    {
        foreach (var (key, layer) in newer.Fields)
        {
            if (!Fields.TryGetValue(key, out var mine))
            {
                Fields.Add(key, layer);
            }
            else if (mine.Value is ObjectNode under && layer is { Below: null, Value: ObjectNode over })
            {
                under.Absorb(over);
            }
            else
            {
                Fields[key] = Layer.Stack(layer, mine, out _);
            }
        }
    }

    /// <summary>A new object, <paramref name="upper"/> over <paramref name="lower"/>; neither is changed.</summary>
    public static ObjectNode Merge(ObjectNode upper, ObjectNode lower)
    {
        var merged = new ObjectNode(upper.Origin);
        foreach (var (key, layer) in lower.Fields)
        {
            merged.Fields.Add(key, layer);
        }
        foreach (var (key, layer) in upper.Fields)
        {
            merged.Fields[key] = merged.Fields.TryGetValue(key, out var below) ? Layer.Stack(layer, below, out _) : layer;
        }
        return merged;
    }

    private ObjectNode Inner(string key, HoconOrigin origin)
    {
        if (Fields.TryGetValue(key, out var layer) && layer.Value is ObjectNode existing)
        {
            return existing;
        }
        var created = new ObjectNode(origin);
        Fields[key] = new Layer(created, layer);
        return created;
    }

    private void Push(string key, Node value)
    {
        if (!Fields.TryGetValue(key, out var below))
        {
            Fields.Add(key, new Layer(value, null));
        }
        else if (below.Value is ObjectNode existing && value is ObjectNode newer)
        {
            // In place, so that a thousand lines "a.b.k = v" are one object and not a thousand layers.
            existing.Absorb(newer);
        }
        else
        {
            Fields[key] = new Layer(value, Layer.Hides(value) ? null : below);
        }
    }
}
