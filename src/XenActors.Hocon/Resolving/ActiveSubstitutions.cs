using System.Runtime.CompilerServices;

namespace XenActors.Hocon;

/// <summary>The substitutions and concatenations that are being resolved right now, outermost first.</summary>
internal sealed class ActiveSubstitutions
{
    private readonly List<Node> stack = [];
    private readonly HashSet<Node> members = new(ReferenceEqualityComparer.Instance);

    public void Enter(Node node)
    {
        // The count keeps the limit the same everywhere; the stack test covers callers that start on a small stack.
        if (stack.Count >= HoconLimits.MaxSubstitutionDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new HoconException(
                node.Origin, $"expected at most {HoconLimits.MaxSubstitutionDepth} substitutions waiting for each other but found more");
        }
        stack.Add(node);
        members.Add(node);
    }

    public void Leave(Node node)
    {
        members.Remove(node);
        stack.RemoveAt(stack.Count - 1);
    }

    /// <summary>The lowest layer whose value is being resolved, which is where looking back starts; null when there is none.</summary>
    public Layer? LowestIn(Layer top)
    {
        Layer? lowest = null;
        if (members.Count > 0)
        {
            for (var at = top; at is not null; at = at.Below)
            {
                lowest = members.Contains(at.Value) ? at : lowest;
            }
        }
        return lowest;
    }

    /// <summary>The substitutions from the one being resolved in <paramref name="first"/> back to it.</summary>
    public string DescribeCycle(Node first)
    {
        var names = new List<string>();
        for (var i = stack.IndexOf(first); i >= 0 && i < stack.Count; i++)
        {
            if (stack[i] is SubstitutionNode substitution)
            {
                names.Add($"{substitution} ({substitution.Origin})");
            }
        }
        return names.Count == 1
            ? $"expected an earlier value that {names[0]} can refer back to but found none: it refers to itself"
            : $"expected no cycle of substitutions but found {string.Join(" -> ", names)} -> the first";
    }
}
