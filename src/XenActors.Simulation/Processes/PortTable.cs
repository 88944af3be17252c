namespace XenActors.Simulation;

/// <summary>
/// What a simulation may touch outside itself, by interface: volumes, for instance. A port's answers must depend on what was asked and
/// on nothing else. Logical processes that use the same port may do so at once: then what one says must not change what another is answered.
/// </summary>
public sealed class PortTable
{
    private readonly List<object> _ports = [];

    public void Add(object port) => _ports.Add(port);

    public TPort Get<TPort>()
        where TPort : class
    {
        foreach (var port in _ports)
        {
            if (port is TPort found)
            {
                return found;
            }
        }

        throw new SimulationException($"no port {typeof(TPort).Name} was given to the simulation");
    }
}
