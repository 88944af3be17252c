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
            var type = Find(name);
            if (!type.IsSubclassOf(typeof(Actor)) || type.IsAbstract || type.ContainsGenericParameters || type.GetConstructor([]) is null)
            {
                throw new CodecException($"the snapshot names {name} as an actor, which it is not");
            }

            actorClass = ActorClass.Of(type);
            _actors.Add(name, actorClass);
        }

        return actorClass;
    }

    internal MessageType Message(string name)
    {
        if (!_messages.TryGetValue(name, out var type))
        {
            var found = Find(name);
            if (found.ContainsGenericParameters || !found.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICodec<>)))
            {
                throw new CodecException($"the snapshot names {name} as a message, which it is not");
            }

            type = MessageType.Of(found);
            _messages.Add(name, type);
        }

        return type;
    }

    private Type Find(string name)
    {
        try
        {
            return assemblies.Append(typeof(TypeCatalog).Assembly).Select(a => a.GetType(name)).FirstOrDefault(t => t is not null)
                ?? throw new CodecException($"the snapshot names a type that this build lacks: {name}");
        }
        catch (Exception cause) when (cause is ArgumentException or IOException or BadImageFormatException or TypeLoadException)
        {
            throw new CodecException($"the snapshot names no type: {name}", cause);
        }
    }
}
