using System.Reflection;

namespace XenActors.Simulation;

/// <summary>
/// What an actor type handles, found once by reflection: its <c>On</c> methods and their behaviours. Immutable after that, so
/// that partitions may share it.
/// </summary>
public sealed class ActorClass
{
    internal const string DefaultBehaviour = "";

    private readonly Func<Actor> _create;
    private readonly string[] _behaviours;
    private readonly Handler?[][] _tables;

    private ActorClass(Type type)
    {
        Type = type;
        Name = type.FullName!;
        _create = (Func<Actor>)Delegate.CreateDelegate(
            typeof(Func<Actor>),
            typeof(ActorClass).GetMethod(nameof(New), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type));
        (_behaviours, _tables) = FindHandlers(type);
    }

    public Type Type { get; }

    public string Name { get; }

    internal Actor Create() => _create();

    internal Handler?[] Table(int behaviour) => _tables[behaviour];

    internal string BehaviourName(int behaviour) => _behaviours[behaviour];

    internal int BehaviourIndex(string name)
    {
        for (var i = 0; i < _behaviours.Length; i++)
        {
            if (string.Equals(_behaviours[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        throw new SimulationException($"{Name} has no method marked [When(\"{name}\")]");
    }

    internal bool HasBehaviour(string name) => Array.IndexOf(_behaviours, name) >= 0;

    // Not in a static initializer: that would wrap what is wrong with the class into a TypeInitializationException.
    private static ActorClass Made<TActor>()
        where TActor : Actor, new()
    {
        // Two threads may both make one; either will do.
        return Cache<TActor>.Instance ??= new(typeof(TActor));
    }

    /// <summary>The description of this actor type, made at the first call.</summary>
    public static ActorClass Of<TActor>()
        where TActor : Actor, new() => Made<TActor>();

    internal static ActorClass Of(Type type) =>
        (ActorClass)typeof(ActorClass).GetMethod(nameof(Of), 1, [])!.MakeGenericMethod(type).Invoke(null, null)!;

    private static Actor New<TActor>()
        where TActor : Actor, new() => new TActor();

    private static (string[] Behaviours, Handler?[][] Tables) FindHandlers(Type type)
    {
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(m => m.Name == "On" || m.IsDefined(typeof(WhenAttribute)))
            .OrderBy(m => m.MetadataToken)
            .ToArray();
        var behaviours = new List<string> { DefaultBehaviour };
        foreach (var when in methods.SelectMany(m => m.GetCustomAttributes<WhenAttribute>()))
        {
            if (!behaviours.Contains(when.Behaviour))
            {
                behaviours.Add(when.Behaviour);
            }
        }

        var handled = methods.Select(m => (Method: m, Message: MessageOf(type, m), Handler: HandlerOf(type, m))).ToArray();
        var width = handled.Length == 0 ? 0 : handled.Max(h => h.Message.Id) + 1;
        var tables = new Handler?[behaviours.Count][];
        for (var b = 0; b < tables.Length; b++)
        {
            tables[b] = new Handler?[width];
            foreach (var (method, message, handler) in handled.Where(h => !h.Method.IsDefined(typeof(WhenAttribute))))
            {
                tables[b][message.Id] = handler;
            }

            var claimed = new SortedSet<int>();
            foreach (var (method, message, handler) in handled)
            {
                if (method.GetCustomAttributes<WhenAttribute>().Any(w => w.Behaviour == behaviours[b]))
                {
                    if (!claimed.Add(message.Id))
                    {
                        throw new SimulationException($"{type.FullName} has two methods for {message.Name} marked [When(\"{behaviours[b]}\")]");
                    }

                    tables[b][message.Id] = handler;
                }
            }
        }

        return ([.. behaviours], tables);
    }

    private static MessageType MessageOf(Type actor, MethodInfo method)
    {
        var parameters = method.GetParameters();
        if (parameters.Length != 1 || !parameters[0].IsIn || method.ReturnType != typeof(void))
        {
            throw new SimulationException($"{actor.FullName}.{method.Name} must be void {method.Name}(in Message m)");
        }

        var type = parameters[0].ParameterType.GetElementType()!;
        return type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICodec<>))
            ? MessageType.Of(type)
            : throw new SimulationException($"{type.FullName} is not a message: mark it [Codec]");
    }

    private static Handler HandlerOf(Type actor, MethodInfo method)
    {
        var message = method.GetParameters()[0].ParameterType.GetElementType()!;
        var call = method.CreateDelegate(typeof(MessageHandler<,>).MakeGenericType(actor, message));
        return (Handler)Activator.CreateInstance(typeof(Handler<,>).MakeGenericType(actor, message), call)!;
    }

    private static class Cache<TActor>
        where TActor : Actor, new()
    {
        public static ActorClass? Instance;
    }
}
