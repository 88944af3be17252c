namespace XenActors.Hocon;

/// <summary>
/// Resolves the substitutions of one tree. Each key's layers are merged from the newest down, as far as they can be seen;
/// each substitution is resolved once, against the final tree; and where that leads back to itself, against the layers below.
/// </summary>
internal sealed class Resolver
{
    private readonly Node root;
    private readonly Func<string, string?>? environment;
    private readonly Dictionary<Node, Shape?> nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Layer, Shape?> layers = new(ReferenceEqualityComparer.Instance);
    private readonly ActiveSubstitutions active = new();
    private readonly ExpansionBudget budget = new();
    private readonly Concatenation concatenation;

    // The node at which the latest lookup ended because it was already being resolved.
    private Node? cycleAt;

    public Resolver(Node root, Func<string, string?>? environment)
    {
        this.root = root;
        this.environment = environment;
        concatenation = new Concatenation(budget);
    }

    public HoconValue Resolve() => new Forcing(this).Force(ShapeOf(root)!, root, "");

    /// <summary>The value of a chain of layers; null when it is undefined.</summary>
    public Shape? Evaluate(Layer top)
    {
        if (top.Value is ScalarNode scalar)
        {
            return new ScalarShape(scalar.Value);
        }
        if (layers.TryGetValue(top, out var known))
        {
            return known;
        }
        if (active.LowestIn(top) is { } busy)
        {
            if (busy.Below is not null)
            {
                return Evaluate(busy.Below);
            }
            cycleAt = busy.Value;
            return null;
        }
        var shape = Merge(top);
        layers[top] = shape;
        return shape;
    }

    private Shape? Merge(Layer top)
    {
        List<ObjectShape>? objects = null;
        for (var at = top; at is not null; at = at.Below)
        {
            if (at.Value is AppendNode)
            {
                if (objects is null)
                {
                    return Append(at);
                }
                break;
            }
            var shape = ShapeOf(at.Value);
            if (shape is ObjectShape part)
            {
                (objects ??= []).Add(part);
            }
            else if (shape is not null)
            {
                if (objects is null)
                {
                    return shape;
                }
                break;
            }
        }
        objects?.Reverse();
        return objects is null ? null : concatenation.MergeObjects(objects);
    }

    private ListShape Append(Layer top)
    {
        var items = new List<Layer>();
        var at = top;
        for (; at?.Value is AppendNode append; at = at.Below)
        {
            items.Add(append.Item);
        }
        items.Reverse();
        var first = at is null ? null : Evaluate(at);
        return concatenation.Append(first, items, top.Value.Origin);
    }

    private Shape? ShapeOf(Node node)
    {
        if (node is ScalarNode scalar)
        {
            return new ScalarShape(scalar.Value);
        }
        if (nodes.TryGetValue(node, out var known))
        {
            return known;
        }
        var shape = node switch
        {
            ListNode list => new ListShape(list.Origin, list.Items),
            ObjectNode at => new ObjectShape(at.Origin, at.Fields),
            _ => Substitute(node),
        };
        nodes[node] = shape;
        return shape;
    }

    private Shape? Substitute(Node node)
    {
        active.Enter(node);
        var shape = node switch
        {
            SubstitutionNode substitution => Look(substitution),
            ConcatNode concat => Concatenate(concat),
            _ => throw new InvalidOperationException($"{node.GetType().Name} is not a substitution"),
        };
        active.Leave(node);
        return shape;
    }

    private Shape? Concatenate(ConcatNode concat)
    {
        var pieces = new List<(Node, Shape)>(concat.Pieces.Count);
        foreach (var piece in concat.Pieces)
        {
            if (ShapeOf(piece) is { } shape)
            {
                pieces.Add((piece, shape));
            }
        }
        return concatenation.Join(concat, pieces);
    }

    private Shape? Look(SubstitutionNode substitution)
    {
        Node? cycle = null;
        foreach (var path in substitution.Candidates())
        {
            cycleAt = null;
            if (Look(path) is { } found)
            {
                return found;
            }
            cycle ??= cycleAt;
        }
        if (LookOutside(substitution) is { } outside)
        {
            return outside;
        }
        if (substitution.Optional)
        {
            return null;
        }
        throw new HoconException(substitution.Origin, cycle is null
            ? $"expected a value at '{HoconPath.Format(substitution.Path)}' for {substitution} but found none"
            : active.DescribeCycle(cycle));
    }

    private Shape? Look(IReadOnlyList<string> path)
    {
        var at = ShapeOf(root);
        foreach (var key in path)
        {
            if (at is not ObjectShape inside || !inside.Fields.TryGetValue(key, out var layer))
            {
                return null;
            }
            at = Evaluate(layer);
        }
        return at;
    }

    private Shape? LookOutside(SubstitutionNode substitution)
    {
        if (environment is null)
        {
            return null;
        }
        var name = string.Join('.', substitution.Path);
        if (!substitution.AsList)
        {
            return environment(name) is { } text ? new ScalarShape(ScalarNode.Text(substitution.Origin, text).Value) : null;
        }
        // ${NAME[]} gathers NAME_0, NAME_1, ... up to the first that is missing.
        var items = new List<Layer>();
        while (environment($"{name}_{items.Count}") is { } item)
        {
            items.Add(new Layer(ScalarNode.Text(substitution.Origin, item), null));
            budget.Spend(1, substitution.Origin);
        }
        return items.Count == 0 ? null : new ListShape(substitution.Origin, items);
    }
}
