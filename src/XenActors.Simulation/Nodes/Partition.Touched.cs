namespace XenActors.Simulation;

/// <summary>
/// What has changed in a process, on its way to the nodes that do not run it: history, places, rules, and the states of those actors that have had events. The
/// states stay bytes there until somebody reads them. What only the process's own node needs (timers, watchers, behaviours) crosses with a whole mirror.
/// </summary>
internal sealed partial class Partition
{
    /// <summary>Null while nobody wants to know.</summary>
    public TouchedActors? Touched { get; set; }

    public void WriteTouched(int index, CodecBuffer to)
    {
        ref var process = ref _processes[index];
        var details = process.Details;
        to.WriteUnsigned(process.Sends);
        to.WriteUnsigned(process.History);
        to.WriteSigned(details.DeadLetters);
        to.WriteSigned(details.WorkDone);
        if (details.Rules.Count > 0)
        {
            // What a rule holds may be a timer.
            details.Timers.Encode(to);
            WriteRules([.. details.Rules.OnPaths], to);
            WriteRules([.. details.Links.SelectMany(l => l.Rules ?? [])], to);
        }

        var state = new CodecBuffer();
        foreach (var local in Touched!.Of(index))
        {
            if (local <= 0 || local >= details.ActorCount)
            {
                continue;
            }

            var actor = process.Actors[local];
            to.WriteUnsigned((ulong)local);
            to.WriteText(details.Places[local].Name);
            to.WriteUnsigned((ulong)details.Places[local].Parent);
            to.WriteText(actor?.Cell.Class.Name);
            if (details.Rules.Count > 0)
            {
                WriteRules(details.Rules.OnActor(local), to);
            }

            if (actor is not null)
            {
                state.Clear();
                actor.EncodeState(state);
                to.WriteBytes(state.Written);
            }
        }
    }

    public void ReadTouched(int index, TypeCatalog types, ref CodecReader from)
    {
        ref var process = ref _processes[index];
        var details = process.Details;
        process.Sends = from.Unsigned();
        process.History = from.Unsigned();
        details.DeadLetters = from.Signed();
        details.WorkDone = from.Signed(0, long.MaxValue);
        _process = index;
        bool[] timers = [];
        if (details.Rules.Count > 0)
        {
            details.Timers.Decode(ref from);
            timers = new bool[details.Timers.Count];
            ReadRules([.. details.Rules.OnPaths], types, timers, ref from);
            ReadRules([.. details.Links.SelectMany(l => l.Rules ?? [])], types, timers, ref from);
        }

        while (!from.AtEnd)
        {
            var local = (int)from.Unsigned((ulong)details.ActorCount);
            var name = from.TextNotNull();
            var parent = (int)from.Unsigned((ulong)details.ActorCount - 1);
            if (local == details.ActorCount)
            {
                details.Places.Add(new(name, parent));
            }

            var className = from.Text();
            if (details.Rules.Count > 0)
            {
                ReadRules(details.Rules.OnActor(local), types, timers, ref from);
            }

            if (className is null)
            {
                process.Put(local, null);
                continue;
            }

            if (local >= process.Actors.Length || process.Actors[local] is not { } actor || actor.Cell.Class.Name != className)
            {
                var actorClass = types.Actor(className);
                actor = actorClass.Create();
                Install(actor, new ActorCell(actorClass, name, parent, []), local, ref process);
            }

            actor.Cell.Brought = from.Bytes();
        }
    }
}
