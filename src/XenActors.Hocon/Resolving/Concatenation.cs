using System.Text;

namespace XenActors.Hocon;

/// <summary>Joins resolved pieces: strings to a string, lists to a list, objects to a merged object, and nothing else.</summary>
internal sealed class Concatenation(ExpansionBudget budget)
{
    /// <summary>The pieces that are defined, gaps included; null when nothing but gaps is left.</summary>
    public Shape? Join(ConcatNode concat, List<(Node Node, Shape Shape)> pieces)
    {
        if (pieces.TrueForAll(static p => IsGap(p.Node)))
        {
            return null;
        }
        if (pieces.Exists(static p => p.Shape is ListShape))
        {
            return JoinLists(concat, pieces);
        }
        return pieces.Exists(static p => p.Shape is ObjectShape) ? JoinObjects(pieces) : JoinText(concat, pieces);
    }

    /// <param name="objects">From the oldest to the newest.</param>
    public ObjectShape MergeObjects(List<ObjectShape> objects)
    {
        if (objects.Count == 1)
        {
            return objects[0];
        }
        var merged = new OrderedDictionary<string, Layer>();
        foreach (var part in objects)
        {
            budget.Spend(part.Fields.Count, part.Origin);
            foreach (var (key, layer) in part.Fields)
            {
                if (!merged.TryAdd(key, layer))
                {
                    merged[key] = Layer.Stack(layer, merged[key], out var copied);
                    budget.Spend(copied, layer.Value.Origin);
                }
            }
        }
        // A complaint about a missing key should lead to the latest place where the object was written.
        return new ObjectShape(objects[^1].Origin, merged);
    }

    public ListShape Append(Shape? first, List<Layer> added, HoconOrigin origin)
    {
        var items = new List<Layer>();
        if (first is not null)
        {
            items.AddRange(ItemsOf(first)
                ?? throw new HoconException(origin, $"expected a list before '+=' but found {first.Describe()} ({first.Origin})"));
        }
        items.AddRange(added);
        budget.Spend(items.Count, origin);
        return new ListShape(first?.Origin ?? origin, items);
    }

    private static bool IsGap(Node node) => node is ScalarNode { IsGap: true };

    private static List<Layer>? ItemsOf(Shape shape) => shape switch
    {
        ListShape list => list.Items,
        ObjectShape at => NumericKeys.InOrder(at.Fields),
        _ => null,
    };

    private ListShape JoinLists(ConcatNode concat, List<(Node Node, Shape Shape)> pieces)
    {
        var items = new List<Layer>();
        foreach (var (node, shape) in pieces)
        {
            if (!IsGap(node))
            {
                items.AddRange(ItemsOf(shape) ?? throw Mixed(node, shape, "a list to join to a list"));
                budget.Spend(items.Count, node.Origin);
            }
        }
        return new ListShape(concat.Origin, items);
    }

    private ObjectShape JoinObjects(List<(Node Node, Shape Shape)> pieces)
    {
        var objects = new List<ObjectShape>();
        foreach (var (node, shape) in pieces)
        {
            if (!IsGap(node))
            {
                objects.Add(shape as ObjectShape ?? throw Mixed(node, shape, "an object to join to an object"));
            }
        }
        return MergeObjects(objects);
    }

    private ScalarShape JoinText(ConcatNode concat, List<(Node Node, Shape Shape)> pieces)
    {
        var text = new StringBuilder();
        foreach (var (node, shape) in pieces)
        {
            var piece = ((ScalarShape)shape).Value.Text;
            budget.Spend(piece.Length, node.Origin);
            text.Append(piece);
        }
        return new ScalarShape(new HoconScalar(concat.Origin, HoconKind.String, text.ToString()));
    }

    private static HoconException Mixed(Node node, Shape shape, string expected) => new(
        node.Origin, $"expected {expected} but found {(node is SubstitutionNode ? $"{node}, which is " : "")}{shape.Describe()}");
}
