namespace XenActors.Simulation;

internal sealed partial class Partition
{
    /// <summary>From outside, between runs: a top-level actor in this process, starting now.</summary>
    public ActorRef SpawnTop<TActor, TState>(int process, string name, TState state, long now)
        where TActor : Actor<TState>, new()
        where TState : class, ICodec<TState>
    {
        _process = process;
        _local = 0;
        _current = null;
        _now = now;
        _departure = now;
        _windowEnd = now;
        return Spawn<TActor, TState>(name, state);
    }

    public ActorRef Spawn<TActor, TState>(string name, TState state)
        where TActor : Actor<TState>, new()
        where TState : class, ICodec<TState>
    {
        var actorClass = ActorClass.Of<TActor>();
        var actor = (Actor<TState>)actorClass.Create();
        actor.State = state;
        var buffer = new CodecBuffer();
        actor.EncodeState(buffer);
        var reference = Adopt(actor, new ActorCell(actorClass, name, _local, buffer.ToArray()));
        Send(reference, new Start(), 0);
        return reference;
    }

    public void Become(Actor actor, string behaviour)
    {
        var cell = actor.Cell;
        cell.Behaviour = cell.Class.BehaviourIndex(behaviour);
        actor.Table = cell.Class.Table(cell.Behaviour);
    }

    public ActorRef Parent => _current is { Cell.Parent: > 0 } actor ? new(_process, actor.Cell.Parent) : ActorRef.None;

    public void Watch(ActorRef actor) => Send(actor, new WatchRequest(), 0);

    public void Unwatch(ActorRef actor) => Send(actor, new UnwatchRequest(), 0);

    public void StopSelf() => StopActor(_current!);

    /// <summary>Stops a child of the current actor, or any actor by its own wish.</summary>
    public void StopChild(ActorRef child)
    {
        if (child.Process != _process || !_current!.Cell.Children.Contains(child.Local))
        {
            throw new SimulationException($"{PathOf(_process, _local)} may stop only its own children");
        }

        if (_processes[_process].Actors[child.Local] is { } actor)
        {
            StopActor(actor);
        }
    }

    public string PathOf(int process, int local)
    {
        ref var place = ref _processes[process];
        var actor = local > 0 && local < place.Actors.Length ? place.Actors[local] : null;
        return actor is null
            ? local == 0 ? place.Details.Name : $"{place.Details.Name}/#{local}"
            : $"{PathOf(process, actor.Cell.Parent)}/{actor.Cell.Name}";
    }

    /// <summary>Gives an actor its place; used by spawn and by restore.</summary>
    public ActorRef Adopt(Actor actor, ActorCell cell)
    {
        ref var process = ref _processes[_process];
        var local = process.Details.ActorCount++;
        if (local >= process.Actors.Length)
        {
            Array.Resize(ref process.Actors, process.Actors.Length * 2);
        }

        Install(actor, cell, local, ref process);
        if (cell.Parent > 0)
        {
            process.Actors[cell.Parent]!.Cell.Children.Add(local);
        }

        return new(_process, local);
    }

    private void Install(Actor actor, ActorCell cell, int local, ref LogicalProcess process)
    {
        actor.Cell = cell;
        actor.ContextOrNull = Context;
        actor.LocalIndex = local;
        actor.Table = cell.Class.Table(cell.Behaviour);
        process.Actors[local] = actor;
    }

    private void StopActor(Actor actor)
    {
        ref var process = ref _processes[_process];
        foreach (var child in actor.Cell.Children.ToArray())
        {
            if (process.Actors[child] is { } living)
            {
                StopActor(living);
            }
        }

        process.Actors[actor.LocalIndex] = null;
        if (actor.Cell.Parent > 0)
        {
            process.Actors[actor.Cell.Parent]?.Cell.Children.Remove(actor.LocalIndex);
        }

        // Its last words are its own, whoever is being handled.
        var (current, local) = (_current, _local);
        _current = actor;
        _local = actor.LocalIndex;
        actor.PostStop();
        foreach (var watcher in actor.Cell.Watchers)
        {
            Send(watcher, new Terminated(new(_process, actor.LocalIndex)), 0);
        }

        (_current, _local) = (current, local);
    }

    private void Restart(Actor failed, Exception cause)
    {
        ref var process = ref _processes[_process];
        foreach (var child in failed.Cell.Children.ToArray())
        {
            if (process.Actors[child] is { } living)
            {
                StopActor(living);
            }
        }

        var cell = failed.Cell;
        cell.Behaviour = 0;
        cell.Restarts++;
        var actor = cell.Class.Create();
        var reader = new CodecReader(cell.InitialState);
        actor.DecodeState(ref reader);
        Install(actor, cell, failed.LocalIndex, ref process);
        actor.BusyUntil = failed.BusyUntil;
        _current = actor;
        _local = actor.LocalIndex;
        actor.PostRestart(cause);
    }

    // The current actor's handler threw: ask upwards until somebody decides.
    private void Supervise(Exception cause)
    {
        var failed = _current;
        while (failed is not null && failed.Cell.Parent > 0)
        {
            var parent = _processes[_process].Actors[failed.Cell.Parent]!;
            _current = parent;
            _local = parent.LocalIndex;
            switch (parent.OnChildFailure(new(_process, failed.LocalIndex), cause))
            {
                case Directive.Resume:
                    return;
                case Directive.Restart:
                    Restart(failed, cause);
                    return;
                case Directive.Stop:
                    StopActor(failed);
                    return;
                default:
                    failed = parent;
                    break;
            }
        }

        if (failed is not null && cause is ActorKilledException)
        {
            // Killed from outside and nobody above to say otherwise: it stops, and its watchers hear of it.
            StopActor(failed);
            return;
        }

        var path = failed is null ? _processes[_process].Details.Name : PathOf(_process, failed.LocalIndex);
        throw new SimulationException(
            $"{path} failed at {Now} with seed {_simulator.Seed}: {cause.GetType().Name}: {cause.Message}", cause);
    }
}
