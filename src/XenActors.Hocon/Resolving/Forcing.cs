namespace XenActors.Hocon;

/// <summary>Turns shapes into finished values, depth first. What several substitutions share is finished once.</summary>
internal sealed class Forcing(Resolver resolver)
{
    private int depth;

    public HoconValue Force(Shape shape, Node from, string path)
    {
        if (shape.Forced is not null)
        {
            return shape.Forced;
        }
        if (shape.IsForcing)
        {
            throw new HoconException(from.Origin, $"expected no cycle but found that '{path}' contains itself{Through(from)}");
        }
        if (++depth > HoconLimits.MaxNesting + 1)
        {
            throw TooDeep(from);
        }
        shape.IsForcing = true;
        var value = shape switch
        {
            ListShape list => ForceList(list, from, path),
            ObjectShape at => ForceObject(at, from, path),
            _ => throw new InvalidOperationException($"{shape.GetType().Name} has no inside"),
        };
        shape.IsForcing = false;
        shape.Forced = value;
        depth--;
        return value;
    }

    private HoconValue ForceList(ListShape list, Node from, string path)
    {
        var items = new List<HoconValue>(list.Items.Count);
        foreach (var layer in list.Items)
        {
            // An undefined optional element is no element.
            if (resolver.Evaluate(layer) is { } item)
            {
                items.Add(item.Forced ?? Force(item, layer.Value, $"{path}[{items.Count}]"));
                Count(list, item, from);
            }
        }
        return new HoconList(list.Origin, items);
    }

    private HoconValue ForceObject(ObjectShape at, Node from, string path)
    {
        var fields = new OrderedDictionary<string, HoconValue>(at.Fields.Count);
        foreach (var (key, layer) in at.Fields)
        {
            // An undefined optional field is no field.
            if (resolver.Evaluate(layer) is { } field)
            {
                fields.Add(key, field.Forced ?? Force(field, layer.Value, Below(path, key)));
                Count(at, field, from);
            }
        }
        return new HoconObject(at.Origin, fields);
    }

    private static void Count(Shape outer, Shape inner, Node from)
    {
        outer.Height = Math.Max(outer.Height, inner.Height + 1);
        outer.Weight += inner.Weight;
        // Shared values keep memory small, but whoever walks the result meets each of them every time.
        if (outer.Weight > HoconLimits.MaxExpansion)
        {
            throw ExpansionBudget.TooMuch(from.Origin);
        }
        if (outer.Height > HoconLimits.MaxNesting + 1)
        {
            throw TooDeep(from);
        }
    }

    private static string Below(string path, string key) => path.Length == 0 ? HoconPath.Quote(key) : $"{path}.{HoconPath.Quote(key)}";

    private static string Through(Node node) => node switch
    {
        SubstitutionNode substitution => $" through {substitution}",
        ConcatNode concat => " through " + string.Join(" ", concat.Pieces.OfType<SubstitutionNode>()),
        _ => "",
    };

    private static HoconException TooDeep(Node from) =>
        new(from.Origin, $"expected at most {HoconLimits.MaxNesting} levels of nesting but found more");
}
