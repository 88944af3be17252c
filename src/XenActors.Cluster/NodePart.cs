using XenActors.Simulation;

namespace XenActors.Cluster;

/// <summary>One process's part in a run of several, and how it ends: never so that the others wait for it.</summary>
public static class NodePart
{
    /// <summary>
    /// Joins, runs, leaves. What all nodes have thrown (<see cref="SimulationException.OnAllNodes"/>) is node 0's to tell: it is thrown on there. What this node
    /// has thrown alone is told by name, and ends all nodes, because the others would wait for this one. A cancelled node is not told of: whoever
    /// cancels does that to all.
    /// </summary>
    /// <param name="part">What this process does; given the nodes that it has joined.</param>
    /// <param name="codeOf">The exit code for a failure of this node alone.</param>
    /// <param name="tell">Takes one line for the user.</param>
    /// <returns>The part's exit code; where it failed and nothing is left to tell, the exit code's negative.</returns>
    /// <exception cref="ClusterException">Open MPI is missing, or refuses.</exception>
    public static int Run(Func<MpiNodes, int> part, Func<Exception, int> codeOf, Action<string> tell)
    {
        using var joined = MpiNodes.Join();
        try
        {
            return part(joined);
        }
        catch (SimulationException cause) when (cause.OnAllNodes && joined.Self > 0)
        {
            return -1;
        }
        catch (Exception cause) when (cause is not SimulationException { OnAllNodes: true })
        {
            var code = codeOf(cause);
            if (cause is not OperationCanceledException)
            {
                tell($"{joined.NameOf(joined.Self)}: {Line(cause)}");
            }

            joined.Abort(code);
            return -code;
        }
    }

    // What is ours says what it means; of what is not, its kind helps.
    private static string Line(Exception cause) => (cause is SimulationException or ClusterException || cause.GetType().Namespace?.StartsWith("XenActors", StringComparison.Ordinal) == true
        ? cause.Message
        : $"{cause.GetType().Name}: {cause.Message}").ReplaceLineEndings(" ");
}
