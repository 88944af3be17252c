using System.Reflection;

namespace XenActors.Simulation;

/// <summary>Finds actor and message types by the names that a snapshot holds, in the assemblies that it was given.</summary>
public sealed class TypeCatalog(params Assembly[] assemblies)
{
    private readonly SortedDictionary<string, ActorClass> _actors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MessageType> _messages = new(StringComparer.Ordinal);

    internal ActorClass Actor(string name)
    {
        if (!_actors.TryGetValue(name, out var actorClass))
        {
            actorClass = ActorClass.Of(Find(name));
            _actors.Add(name, actorClass);
        }

        return actorClass;
    }

    internal MessageType Message(string name)
    {
        if (!_messages.TryGetValue(name, out var type))
        {
            type = MessageType.Of(Find(name));
            _messages.Add(name, type);
        }

        return type;
    }

    private Type Find(string name) =>
        assemblies.Append(typeof(TypeCatalog).Assembly).Select(a => a.GetType(name)).FirstOrDefault(t => t is not null)
            ?? throw new CodecException($"the snapshot names a type that this build lacks: {name}");
}
