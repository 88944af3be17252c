namespace XenActors.Simulation;

internal sealed partial class Partition
{
    public void WriteProcess(int index, List<Event> pending, CodecBuffer buffer)
    {
        ref var process = ref _processes[index];
        var details = process.Details;
        buffer.WriteText(details.Name);
        var sink = new ByteSink(buffer);
        process.Random.Encode(ref sink);
        buffer.WriteUnsigned(process.Sends);
        buffer.WriteUnsigned(process.History);
        buffer.WriteSigned(details.DeadLetters);
        buffer.WriteSigned(details.WorkDone);
        buffer.WriteUnsigned((ulong)details.VcpuFreeAt.Length);
        foreach (var freeAt in details.VcpuFreeAt)
        {
            buffer.WriteSigned(freeAt);
        }

        buffer.WriteUnsigned((ulong)details.Links.Length);
        foreach (var link in details.Links)
        {
            buffer.WriteSigned(link.Destination);
            buffer.WriteSigned(link.Latency);
        }

        details.Timers.Encode(buffer);
        buffer.WriteUnsigned((ulong)details.ActorCount - 1);
        for (var local = 1; local < details.ActorCount; local++)
        {
            buffer.WriteText(details.Places[local].Name);
            buffer.WriteUnsigned((ulong)details.Places[local].Parent);
            WriteActor(process.Actors[local], details.Rules.OnActor(local), buffer);
        }

        WriteRules([.. details.Rules.OnPaths], buffer);
        WriteRules([.. details.Links.SelectMany(l => l.Rules ?? [])], buffer);
        WriteEvents(pending, buffer);
        buffer.WriteUnsigned((ulong)details.HeldFrom);
        WriteEvents(details.Held, buffer);
    }

    private void WriteEvents(List<Event> events, CodecBuffer buffer)
    {
        buffer.WriteUnsigned((ulong)events.Count);
        foreach (var e in events)
        {
            WriteEvent(in e, _simulator.BodiesOf(e.Process), buffer);
        }
    }

    private static void WriteEvent(in Event e, MessagePools bodies, CodecBuffer buffer)
    {
        var type = MessageType.ById(e.Type);
        buffer.WriteSigned(e.Time);
        buffer.WriteUnsigned(e.Key);
        buffer.WriteSigned(e.Local);
        buffer.WriteSigned(e.Sender);
        buffer.WriteUnsigned(e.Flags);
        buffer.WriteText(type.Name);
        buffer.WriteUnsigned(type.Schema);
        type.Encode(bodies, e.Payload, buffer);
    }

    public void ReadProcess(int index, TypeCatalog types, ref CodecReader reader)
    {
        ref var process = ref _processes[index];
        var details = process.Details;
        var name = reader.TextNotNull();
        if (name != details.Name)
        {
            throw new CodecException($"the snapshot has a process {name} where this simulation has {details.Name}");
        }

        process.Random = RandomStream.Decode(ref reader);
        process.Sends = reader.Unsigned();
        process.History = reader.Unsigned();
        details.DeadLetters = reader.Signed();
        details.WorkDone = reader.Signed(0, long.MaxValue);
        if (reader.Count() != details.VcpuFreeAt.Length)
        {
            throw new CodecException($"process {name} has another number of vCPUs");
        }

        for (var i = 0; i < details.VcpuFreeAt.Length; i++)
        {
            details.VcpuFreeAt[i] = reader.Signed(0, long.MaxValue);
        }

        if (reader.Count() != details.Links.Length || !ReadLinks(details.Links, ref reader))
        {
            throw new CodecException($"process {name} has other links");
        }

        details.Timers.Decode(ref reader);
        var actorCount = reader.Count() + 1;
        process.Clear(actorCount);
        details.Places.RemoveRange(1, details.Places.Count - 1);
        _process = index;
        var timers = new bool[details.Timers.Count];
        for (var local = 1; local < actorCount; local++)
        {
            ReadActor(types, timers, details.Rules.OnActor(local), ref reader);
        }

        ReadRules([.. details.Rules.OnPaths], types, timers, ref reader);
        ReadRules([.. details.Links.SelectMany(l => l.Rules ?? [])], types, timers, ref reader);
        for (var n = reader.Count(); n > 0; n--)
        {
            var e = ReadEvent(_simulator.Now.Nanoseconds, types, timers, ref reader);
            _store.Add(in e);
        }

        details.HeldFrom = (int)reader.Unsigned(int.MaxValue);
        _anyHeld |= details.HeldFrom > 0;
        details.Held.Clear();
        for (var n = reader.Count(); n > 0; n--)
        {
            // What is held came before now.
            details.Held.Add(ReadEvent(0, types, timers, ref reader));
        }
    }

    private static bool ReadLinks(Link[] links, ref CodecReader reader)
    {
        foreach (var link in links)
        {
            if (reader.Signed() != link.Destination || reader.Signed() != link.Latency)
            {
                return false;
            }
        }

        return true;
    }

    // Of the process being read; a message that a link's rule has held goes to another one.
    private Event ReadEvent(long earliest, TypeCatalog types, bool[] timers, ref CodecReader reader)
    {
        Event e = default;
        e.Time = reader.Signed(earliest, long.MaxValue);
        e.Key = reader.Unsigned();
        if (e.SenderProcess >= _processes.Length)
        {
            reader.Refuse($"a message from process {e.SenderProcess}");
        }

        e.Process = _process;
        e.Local = (int)reader.Signed(0, int.MaxValue);
        e.Sender = (int)reader.Signed(-1, int.MaxValue);
        e.Flags = (ushort)reader.Unsigned(Event.Timer | Event.Judged | Event.Release);
        if ((e.Flags & Event.Release) != 0 && (e.Flags != Event.Release || e.Sender < 0 || e.Sender >= _processes[_process].Details.Rules.Count))
        {
            reader.Refuse($"a release by fault rule {e.Sender}");
        }

        if ((e.Flags & Event.Timer) != 0)
        {
            ClaimTimer(in e, timers, ref reader);
        }

        var type = types.Message(reader.TextNotNull());
        if (reader.Unsigned() != type.Schema)
        {
            throw new CodecException($"message {type.Name} has other fields in this build");
        }

        e.Type = (ushort)type.Id;
        e.Payload = type.Decode(Bodies, ref reader);
        return e;
    }

    private void ClaimTimer(in Event e, bool[] claimed, ref CodecReader reader)
    {
        ref var process = ref _processes[e.Process];
        if (!process.Details.Timers.IsPending(e.Sender) || claimed[e.Sender] || e.Local >= process.Actors.Length)
        {
            reader.Refuse($"a timer in slot {e.Sender}");
        }

        claimed[e.Sender] = true;
    }

    private void WriteActor(Actor? actor, List<FaultRule> rules, CodecBuffer buffer)
    {
        if (actor is null)
        {
            buffer.WriteText(null);
            return;
        }

        var cell = actor.Cell;
        buffer.WriteText(cell.Class.Name);
        buffer.WriteUnsigned(actor.StateSchema);
        buffer.WriteText(cell.Class.BehaviourName(cell.Behaviour));
        buffer.WriteUnsigned((ulong)cell.Restarts);
        buffer.WriteSigned(actor.BusyUntil);
        buffer.WriteBytes(cell.InitialState);
        buffer.WriteUnsigned((ulong)cell.Watchers.Count);
        foreach (var watcher in cell.Watchers)
        {
            buffer.WriteSigned(watcher.Process);
            buffer.WriteSigned(watcher.Local);
        }

        WriteRules(rules, buffer);
        actor.EncodeState(buffer);
    }

    private void ReadActor(TypeCatalog types, bool[] timers, List<FaultRule> rules, ref CodecReader reader)
    {
        ref var process = ref _processes[_process];
        var name = reader.TextNotNull();
        var parent = (int)reader.Unsigned((ulong)process.Details.ActorCount - 1);
        var className = reader.Text();
        if (className is null)
        {
            process.Details.Places.Add(new(name, parent)); // A stopped actor's place stays empty.
            return;
        }

        if (parent > 0 && process.Actors[parent] is null)
        {
            reader.Refuse($"{name} lives and its parent does not");
        }

        var actorClass = types.Actor(className);
        var actor = actorClass.Create();
        if (reader.Unsigned() != actor.StateSchema)
        {
            throw new CodecException($"the state of {className} has other fields in this build");
        }

        var behaviour = reader.TextNotNull();
        if (!actorClass.HasBehaviour(behaviour))
        {
            throw new CodecException($"{className} has no behaviour {behaviour} in this build");
        }

        var restarts = (int)reader.Unsigned(int.MaxValue);
        var busyUntil = reader.Signed();
        var cell = new ActorCell(actorClass, name, parent, reader.Bytes()) { Behaviour = actorClass.BehaviourIndex(behaviour), Restarts = restarts, Rules = rules.Count == 0 ? null : rules };
        actor.BusyUntil = busyUntil;
        for (var n = reader.Count(); n > 0; n--)
        {
            cell.Watchers.Add(new((int)reader.Signed(0, _processes.Length - 1), (int)reader.Signed(0, int.MaxValue)));
        }

        ReadRules(rules, types, timers, ref reader);
        actor.DecodeState(ref reader);
        Adopt(actor, cell);
    }

    private void WriteRules(List<FaultRule> rules, CodecBuffer buffer)
    {
        buffer.WriteUnsigned((ulong)rules.Count);
        var sink = new ByteSink(buffer);
        foreach (var rule in rules)
        {
            buffer.WriteText(rule.Name);
            rule.Stream.Encode(ref sink);
            buffer.WriteSigned(rule.Verdicts);
            buffer.WriteUnsigned(rule.Healed ? 1u : 0u);
            rule.EncodeState(buffer);
            buffer.WriteUnsigned((ulong)rule.Held.Count);
            foreach (var e in rule.Held)
            {
                buffer.WriteSigned(e.Process);
                WriteEvent(in e, Bodies, buffer);
            }
        }
    }

    private void ReadRules(List<FaultRule> rules, TypeCatalog types, bool[] timers, ref CodecReader reader)
    {
        if (reader.Count() != rules.Count)
        {
            throw new CodecException($"the snapshot was taken with other fault rules than the {rules.Count} installed here");
        }

        foreach (var rule in rules)
        {
            var name = reader.TextNotNull();
            if (name != rule.Name)
            {
                throw new CodecException($"the snapshot has a fault rule {name} where this simulation has {rule.Name}");
            }

            rule.Stream = RandomStream.Decode(ref reader);
            rule.Verdicts = reader.Signed();
            rule.Healed = reader.Flag();
            rule.DecodeState(ref reader);
            rule.Held.Clear();
            for (var n = reader.Count(); n > 0; n--)
            {
                var process = (int)reader.Signed(1, _processes.Length - 1);
                var e = ReadEvent(0, types, timers, ref reader);
                e.Process = process;
                rule.Held.Add(e);
            }
        }
    }
}
