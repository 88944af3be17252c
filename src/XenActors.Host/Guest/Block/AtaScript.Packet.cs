using XenActors.DeviceModel.Ide;

namespace XenActors.Guest.Block;

/// <summary>PACKET, and a channel's reset.</summary>
internal static partial class AtaScript
{
    private static IEnumerable<AtaStep> Packet(AtaRun run)
    {
        var (port, submit) = (run.Port, run.Port.Active!.Submit!);
        var dma = submit.Bytes > 0 && submit.Bytes % 16 == 0; // libata's rule: no DMA but for sixteens.
        if (dma)
        {
            yield return AtaStep.Store(port.TableAddress, Table(port.DataAddress, submit.Bytes));
        }

        var limit = (ulong)Math.Min(submit.Bytes + (submit.Bytes & 1), 0xFC00);
        foreach (var step in Load(port, submit with { Taskfile = new(AtaCommandCode.Packet, dma ? (ushort)1 : (ushort)0, 0, limit << 8) }))
        {
            yield return step;
        }

        if (dma)
        {
            foreach (var step in Setup(run, read: true))
            {
                yield return step;
            }
        }

        yield return AtaStep.Out(port.Command + AtaRegister.Command, AtaCommandCode.Packet);

        // No interrupt asks for the packet.
        yield return AtaStep.In(port.Command + AtaRegister.Command);
        run.Status = run.Value;
        if ((run.Status & AtaStatus.DataRequest) == 0)
        {
            yield break;
        }

        yield return AtaStep.OutWords(port.Command, submit.Packet);
        yield return AtaStep.In(port.Control);
        if (dma)
        {
            foreach (var step in Start(run))
            {
                yield return step;
            }
        }

        var taken = new List<byte>(submit.Bytes);
        for (var more = !dma; more;)
        {
            yield return AtaStep.WaitInterrupt;
            yield return AtaStep.In(port.Control);
            yield return AtaStep.In(port.Command + AtaRegister.Command);
            run.Status = run.Value;
            more = (run.Status & (AtaStatus.DataRequest | AtaStatus.Error)) == AtaStatus.DataRequest;
            if (more)
            {
                yield return AtaStep.In(port.Command + AtaRegister.Count);
                yield return AtaStep.In(port.Command + AtaRegister.LbaMid);
                var low = run.Value;
                yield return AtaStep.In(port.Command + AtaRegister.LbaHigh);
                for (var left = ((run.Value << 8) + low + 1) / 2; left > 0; left -= PageWords)
                {
                    yield return AtaStep.InWords(port.Command, Math.Min(left, PageWords));
                    taken.AddRange(run.Answer.Data);
                }
            }

            foreach (var step in ClearInterrupt(run))
            {
                yield return step;
            }

            yield return AtaStep.EndInterrupt;
        }

        run.Data = [.. taken];
        if (dma)
        {
            yield return AtaStep.WaitInterrupt;
            foreach (var step in DmaInterrupt(run))
            {
                yield return step;
            }
        }

        foreach (var step in Finish(run, submit.Bytes, dma))
        {
            yield return step;
        }
    }

    private static IEnumerable<AtaStep> Reset(AtaRun run)
    {
        var port = run.Port;
        var present = new bool[2];
        for (var device = 0; device < 2; device++)
        {
            yield return Select(port, device);
            yield return AtaStep.In(port.Control);
            foreach (var (count, low) in ((int, int)[])[(0x55, 0xAA), (0xAA, 0x55), (0x55, 0xAA)])
            {
                yield return AtaStep.Out(port.Command + AtaRegister.Count, count);
                yield return AtaStep.Out(port.Command + AtaRegister.LbaLow, low);
            }

            yield return AtaStep.In(port.Command + AtaRegister.Count);
            var kept = run.Value == 0x55;
            yield return AtaStep.In(port.Command + AtaRegister.LbaLow);
            present[device] = kept && run.Value == 0xAA;
        }

        yield return Select(port, 0);
        yield return AtaStep.In(port.Control);
        yield return AtaStep.Out(port.Control, ControlDefault);
        yield return AtaStep.Out(port.Control, ControlDefault | AtaRegister.ControlReset);
        yield return AtaStep.Out(port.Control, ControlDefault);
        for (var i = 0; i < PollsMax; i++)
        {
            yield return AtaStep.In(port.Command + AtaRegister.Command);
            if ((run.Value & AtaStatus.Busy) == 0)
            {
                break;
            }
        }

        for (var device = 0; device < 2; device++)
        {
            yield return Select(port, device);
            yield return AtaStep.In(port.Control);
            yield return AtaStep.In(port.Command + AtaRegister.Feature);
            var error = run.Value;
            yield return AtaStep.In(port.Command + AtaRegister.LbaMid);
            var middle = run.Value;
            yield return AtaStep.In(port.Command + AtaRegister.LbaHigh);
            var high = run.Value;
            yield return AtaStep.In(port.Command + AtaRegister.Command);
            run.Signatures[device] = new(present[device], error, middle, high, run.Value);
        }
    }
}
