using XenActors.Machine.Disks;
using XenActors.Toolstack.Libxl;

namespace XenActors.Toolstack.Hotplug;

/// <summary><c>/etc/xen/scripts/block add</c>: finds the device's number and tells blkback by writing it.</summary>
public sealed class BlockScriptActor : ScriptActor<BlockScriptState>
{
    protected override void Advance()
    {
        switch (State.Step)
        {
            case BlockScriptStep.Starting:
                Run(BlockScriptStep.Reading, new StoreBatch().Read($"{State.Path}/type").Read($"{State.Path}/params")
                    .Read($"{State.Path}/mode").Read($"{State.Path}/physical-device").Read($"{State.Path}/frontend-id"));
                break;
            case BlockScriptStep.Reading:
                var guest = State.Xs.Text($"{State.Path}/frontend-id") ?? "0";
                Run(BlockScriptStep.Checking, new StoreBatch().Read($"/local/domain/{guest}/vm"));
                break;
            case BlockScriptStep.Checking:
                Run(BlockScriptStep.Writing, Answer());
                break;
            case BlockScriptStep.Writing:
                State.Step = BlockScriptStep.Ended;
                End();
                break;
            case BlockScriptStep.Ended:
                break;
        }
    }

    private void Run(BlockScriptStep next, StoreBatch batch)
    {
        State.Step = next;
        Run(batch);
    }

    private StoreBatch Answer()
    {
        if (State.Xs.Text($"{State.Path}/physical-device") is not null)
        {
            return new(); // Somebody has done it already: a driver domain that came back.
        }

        var isFile = State.Xs.Text($"{State.Path}/type") == "file";
        var target = State.Xs.Text($"{State.Path}/params") ?? "";
        var path = isFile || target.StartsWith('/') ? target : "/dev/" + target; // expand_dev
        var volume = path.Length > 0 ? Context.Port<IVolumes>().Find(path) : null;
        if (volume is null)
        {
            return Fail($"{path} does not exist.");
        }

        if (!isFile && !volume.IsBlockDevice)
        {
            return Fail($"{path} is not a block device.");
        }

        var (number, device) = isFile ? ($"7:{State.Loop:x}", $"/dev/loop{State.Loop}") : (volume.Device, path);
        return new StoreBatch().Write($"{State.Path}/physical-device", number)
            .Write($"{State.Path}/physical-device-path", device).Write($"{State.Path}/hotplug-status", "connected");
    }

    private StoreBatch Fail(string error)
    {
        State.Error = error;
        return new StoreBatch().Write($"{State.Path}/hotplug-error", error).Write($"{State.Path}/hotplug-status", "error");
    }
}
