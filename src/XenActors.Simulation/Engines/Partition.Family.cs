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
        var reference = Create<TActor, TState>(name, state);
        Inject(reference, new Start(), now); // From outside, so that it comes before all that outside tells it afterwards.
        return reference;
    }

    public ActorRef Spawn<TActor, TState>(string name, TState state)
        where TActor : Actor<TState>, new()
        where TState : class, ICodec<TState>
    {
        if (_local > 0 && _processes[_process].Actors[_local] is null)
        {
            throw new SimulationException($"{PathOf(_process, _local)} has stopped and cannot spawn {name}");
        }

        var reference = Create<TActor, TState>(name, state);
        Send(reference, new Start(), 0);
        return reference;
    }

    private ActorRef Create<TActor, TState>(string name, TState state)
        where TActor : Actor<TState>, new()
        where TState : class, ICodec<TState>
    {
        var actorClass = ActorClass.Of<TActor>();
        var actor = (Actor<TState>)actorClass.Create();
        actor.State = state;
        var buffer = new CodecBuffer();
        actor.EncodeState(buffer);
        return Adopt(actor, new ActorCell(actorClass, name, _local, buffer.ToArray()));
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
        if (child.Process == _process && !child.IsNone && ActorAt(_process, child.Local) is null)
        {
            return; // It has stopped already: killed, or by its own wish.
        }

        if (child.Process != _process || !_current!.Cell.HasChild(child.Local))
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
        var details = _processes[process].Details;
        return local == 0 ? details.Name
            : local < details.ActorCount ? $"{PathOf(process, details.Places[local].Parent)}/{details.Places[local].Name}"
            : $"{details.Name}/#{local}";
    }

    /// <summary>Gives an actor its place; used by spawn and by restore.</summary>
    public ActorRef Adopt(Actor actor, ActorCell cell)
    {
        ref var process = ref _processes[_process];
        var local = process.Details.ActorCount;
        process.Details.Places.Add(new(cell.Name, cell.Parent));

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
        process.Put(local, actor);
        Touched?.Mark(_process, local);
        if (process.Details.Rules.AnyOnPaths)
        {
            cell.Rules = process.Details.Rules.For(local, PathOf(_process, local));
        }
    }

    private void StopActor(Actor actor)
    {
        ref var process = ref _processes[_process];
        if (process.Actors[actor.LocalIndex] != actor)
        {
            return; // Stopped already, perhaps by its own last words.
        }

        StopChildren(actor);
        process.Put(actor.LocalIndex, null);
        Touched?.Mark(_process, actor.LocalIndex);
        if (process.Details.Remembered is { } remembered && remembered.ContainsKey(actor.LocalIndex))
        {
            remembered[actor.LocalIndex] = actor;
        }

        if (actor.Cell.Parent > 0)
        {
            process.Actors[actor.Cell.Parent]?.Cell.RemoveChild(actor.LocalIndex);
        }

        // Its last words are its own, whoever is being handled, and do not overtake what it said before.
        var (current, local, departure) = (_current, _local, _departure);
        BeCurrent(actor, Math.Max(_departure, actor.BusyUntil));
        try
        {
            actor.CallPostStop();
        }
        catch (Exception cause) when (cause is not SimulationException)
        {
            throw new SimulationException($"PostStop threw {cause.GetType().Name}: {cause.Message}", cause);
        }

        foreach (var watcher in actor.Cell.Watchers)
        {
            Send(watcher, new Terminated(new(_process, actor.LocalIndex)), 0);
        }

        (_current, _local, _departure) = (current, local, departure);
    }

    // In the order in which they were spawned.
    private void StopChildren(Actor actor)
    {
        var children = actor.Cell.Children.ToArray();
        actor.Cell.Children.Clear();
        foreach (var child in children)
        {
            if (_processes[_process].Actors[child] is { } living)
            {
                StopActor(living);
            }
        }
    }

    private void Restart(Actor failed, Exception cause)
    {
        ref var process = ref _processes[_process];
        if (process.Actors[failed.LocalIndex] != failed)
        {
            return; // It stopped itself before it threw.
        }

        StopChildren(failed);
        var cell = failed.Cell;
        cell.Behaviour = 0;
        cell.Restarts++;
        var actor = cell.Class.Create();
        var reader = new CodecReader(cell.InitialState);
        actor.DecodeState(ref reader);
        Install(actor, cell, failed.LocalIndex, ref process);
        actor.BusyUntil = failed.BusyUntil;
        BeCurrent(actor, Math.Max(_now, actor.BusyUntil));
        actor.CallPostRestart(cause);
    }

    private void BeCurrent(Actor actor, long departure)
    {
        Touched?.Mark(_process, actor.LocalIndex);
        _current = actor;
        _local = actor.LocalIndex;
        _departure = departure;
    }

    // The current actor's handler threw: ask upwards until somebody decides.
    private void Supervise(Exception cause)
    {
        var failed = _current;
        var culprit = _local;
        while (failed is not null && failed.Cell.Parent > 0 && _processes[_process].Actors[failed.Cell.Parent] is { } parent)
        {
            BeCurrent(parent, Math.Max(_now, parent.BusyUntil));
            try
            {
                switch (parent.AskOnChildFailure(new(_process, failed.LocalIndex), cause))
                {
                    case Directive.Resume:
                        return;
                    case Directive.Restart:
                        Restart(failed, cause);
                        return;
                    case Directive.Stop:
                        StopActor(failed);
                        return;
                }
            }
            catch (Exception own) when (own is not SimulationException)
            {
                // The decision itself, or the new instance's PostRestart, threw: that is the parent's failure.
                cause = own;
                culprit = parent.LocalIndex;
            }

            failed = parent;
        }

        if (failed is not null && cause is ActorKilledException)
        {
            // Killed from outside and nobody above to say otherwise: it stops, and its watchers hear of it.
            StopActor(failed);
            return;
        }

        // Told of the one whose handler it was, not of those who passed it on.
        _local = culprit;
        throw new SimulationException($"{cause.GetType().Name}: {cause.Message}", cause);
    }
}
