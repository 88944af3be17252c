using XenActors.DeviceModel;
using XenActors.Hypervisor.Domains;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>
/// The process of one <c>xl create</c>: works off its named steps with a connection of its own, and takes them back in reverse when
/// one fails. Afterwards it stays, as xl's daemon does. Below it are the device model and the processes of other commands for the domain: they outlive it, so
/// an xl that has ended or was killed stays as long as they do, and says nothing.
/// </summary>
public sealed partial class CreateActor : Actor<CreateState>
{
    // Two commands, query-chardev and query-vnc, to a QEMU that is still setting up its other backends.
    private static readonly VirtualDuration QmpTime = VirtualDuration.FromMilliseconds(20);

    protected override void PreStart()
    {
        var result = GuestPlanner.Plan(State.Request!, State.Host!, Context.Port<IVolumes>(), State.Slot, ref Context.Random);
        if (result.Plan is not { } plan)
        {
            State.Errors.AddRange(result.Errors);
            End(ok: false);
            return;
        }

        State.Plan = plan;
        State.Steps = CreateSteps.Of(plan, State.Host!, State.Request!.Paused);
        Begin();
    }

    public void On(in XsReply m)
    {
        if (State.Phase is CreatePhase.Ended or CreatePhase.Killed || !State.Xs.Accept(in m))
        {
            return;
        }

        if (State.Phase is CreatePhase.Living or CreatePhase.Acting)
        {
            if (State.Batch.Advance(Context, State.Xs) && State.Phase == CreatePhase.Acting)
            {
                Renamed();
            }

            return;
        }

        if (State.Phase == CreatePhase.Reading)
        {
            Judge();
        }
        else if (State.Batch.Advance(Context, State.Xs))
        {
            Answered();
        }
    }

    public void On(in XsWatchEvent m)
    {
        State.ReadAgain = true;
        if (State.Phase == CreatePhase.Living)
        {
            AskDomain();
        }
        else if (State.Phase == CreatePhase.Waiting)
        {
            ReadAwaited();
        }
    }

    public void On(in DomainBuilt m)
    {
        if (State.Phase == CreatePhase.Elsewhere && State.Current.Kind == CreateStepKind.Build && m.Domain == State.Plan!.Domain)
        {
            State.Built = m;
            Completed();
        }
    }

    public void On(in QmpAnswered m)
    {
        if (State.Phase == CreatePhase.Elsewhere && State.Current.Kind == CreateStepKind.QueryDeviceModel)
        {
            Completed();
        }
    }

    public void On(in ScriptEnded m)
    {
        State.Scripts.Remove(Sender);
        if (!m.Ok)
        {
            State.Errors.Add($"script: {m.Error}");
        }

        if (State.Scripts.Count == 0 && State.Phase == CreatePhase.Elsewhere)
        {
            ScriptsDone();
        }
    }

    public void On(in DeviceModelFailed m)
    {
        State.Errors.Add(m.Message);
        if (State.Phase is CreatePhase.Waiting or CreatePhase.Reading && State.Current.Kind == CreateStepKind.DeviceModelRunning)
        {
            Fail($"device model did not start: {CreateWords.Fail}");
        }
    }

    public void On(in StepTimeout m)
    {
        State.TimerRuns = false;
        if (m.Step != State.Done.Count || State.Phase is CreatePhase.Ended or CreatePhase.Undoing or CreatePhase.Living or CreatePhase.Acting or CreatePhase.Killed)
        {
            return;
        }

        if (State.Current.Kind == CreateStepKind.ConsoleTty)
        {
            Completed(); // A domain without a terminal is a domain all the same.
        }
        else
        {
            Fail(CreateWords.TimedOut(State.Plan!, State.Host!, State.Current));
        }
    }

    private void Begin()
    {
        if (State.Done.Count == State.Steps.Count)
        {
            End(ok: true);
            return;
        }

        var step = State.Current;
        var limit = CreateWords.Limit(step.Kind);
        if (limit > VirtualDuration.Zero)
        {
            State.Timer = Context.StartTimer(new StepTimeout(State.Done.Count), limit);
            State.TimerRuns = true;
        }

        switch (step.Kind)
        {
            case CreateStepKind.CheckName:
                Run(new StoreBatch().Directory("/local/domain"));
                break;
            case CreateStepKind.Build:
                State.Phase = CreatePhase.Elsewhere;
                var latencies = State.Host!.Latencies;
                Context.Tell(State.Peers!.Places.Domain(State.Plan!.Domain), new CreateDomain(State.Plan.Spec), Jitter(latencies.Build));
                break;
            case CreateStepKind.QueryDeviceModel:
                State.Phase = CreatePhase.Elsewhere;
                Context.StartTimer(new QmpAnswered(), Jitter(QmpTime));
                break;
            case CreateStepKind.DiskScript or CreateStepKind.NicScript or CreateStepKind.TapScript:
                StartScript(step);
                Completed();
                break;
            case CreateStepKind.DisksReady or CreateStepKind.NicsReady:
                State.Phase = CreatePhase.Elsewhere;
                if (State.Scripts.Count == 0)
                {
                    ScriptsDone();
                }

                break;
            case CreateStepKind.DiskBackend or CreateStepKind.NicBackend or CreateStepKind.DeviceModelRunning:
                ReadAwaited();
                break;
            case CreateStepKind.ResumeStore:
                Run(new StoreBatch().Add(StoreOpKind.Resume, $"{State.Plan!.Domain}"));
                break;
            case CreateStepKind.Unpause:
                Context.Tell(State.Peers!.Places.Domain(State.Plan!.Domain), new UnpauseDomain());
                Completed();
                break;
            default:
                Run(CreateBatches.Do(State, step, Context.Now));
                break;
        }
    }

    private void Run(StoreBatch batch)
    {
        State.Phase = State.Phase == CreatePhase.Undoing ? CreatePhase.Undoing : CreatePhase.Store;
        State.Xs.Forget();
        State.Batch = batch;
        if (batch.Advance(Context, State.Xs))
        {
            Answered();
        }
    }

    private void Answered()
    {
        if (State.Phase == CreatePhase.Undoing)
        {
            State.Done.RemoveAt(State.Done.Count - 1);
            Undo();
            return;
        }

        if (State.Batch.Failure is { } failure)
        {
            // Part of the step may have happened: it is taken back with the rest.
            State.Done.Add(State.Current);
            Fail(failure);
            return;
        }

        switch (State.Current.Kind)
        {
            case CreateStepKind.CheckName:
                CheckName();
                break;
            case CreateStepKind.DeviceModel:
                StartDeviceModel();
                Completed();
                break;
            case CreateStepKind.ConsoleTty when State.Batch.Ops[^1].Kind == StoreOpKind.Watch:
                ReadAwaited();
                break;
            case CreateStepKind.Describe:
                State.Introduced = true;
                Completed();
                break;
            default:
                Completed();
                break;
        }
    }

    private void ScriptsDone()
    {
        if (State.Errors.Count > 0)
        {
            Fail(State.Current.Kind == CreateStepKind.DisksReady ? "unable to add disk devices" : "unable to add nic devices");
        }
        else
        {
            Completed();
        }
    }

    private void Completed()
    {
        StopTimer();
        State.Done.Add(State.Current);
        Begin();
    }

    private void End(bool ok)
    {
        if (State.Resuming is not null)
        {
            Rebuilt(ok);
            return;
        }

        State.Phase = CreatePhase.Ended;
        var (domain, spec) = (State.Request!.Domain, State.Plan?.Spec);
        var message = ok ? "" : string.Join('\n', State.Errors);
        Context.Tell(State.Requester, new GuestCreated(domain, ok, message));
        Context.Tell(Context.Parent, new CreationEnded(domain, spec?.Name ?? "", spec?.Uuid ?? "", ok));
        if (!ok)
        {
            Release();
            Leave();
            return;
        }

        State.Configured = true;
        Live();
        Release();
    }

    private void StopTimer()
    {
        if (State.TimerRuns)
        {
            Context.CancelTimer(State.Timer);
            State.TimerRuns = false;
        }
    }

    private VirtualDuration Jitter(VirtualDuration duration) => Context.Random.Jitter(duration, State.Host!.Latencies.JitterPercent);
}
