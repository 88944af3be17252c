using System.Globalization;
using XenActors.Abi;
using XenActors.Hypervisor.Domains;

namespace XenActors.Guest.Boot;

/// <summary>Finding Xen, and what the kernel uses of it before any device: events, timers, memory.</summary>
internal static class BootHypervisor
{
    private const uint FirstLeaf = 0x40000000;
    private const uint LastLeaf = 0x40010000;
    private const uint LeafStep = 0x100;

    // "XenVMMXenVMM" in EBX, ECX, EDX.
    private const uint SignatureB = 0x566E6558;
    private const uint SignatureC = 0x65584D4D;
    private const uint SignatureD = 0x4D4D566E;

    private const uint StopPeriodicTimer = 7;

    // Linux' vector for event delivery, and the callback type "vector".
    private const ulong CallbackVector = (2UL << 56) | 0xF3;

    public static IEnumerable<BootAsk> Detect(BootRun run, bool always = false)
    {
        var (profile, commandLine) = (run.Profile, run.State.Spec.CommandLine);
        if (!always && !profile.Has("xen-pvhvm"))
        {
            yield break;
        }

        for (var leaf = FirstLeaf; leaf < LastLeaf; leaf += LeafStep)
        {
            yield return BootAsk.Cpuid(leaf);
            if (run.Answer.B != SignatureB || run.Answer.C != SignatureC || run.Answer.D != SignatureD)
            {
                continue;
            }

            yield return BootAsk.Cpuid(leaf + 1);
            Found(run, profile, commandLine, run.Answer.Dword);
            yield break;
        }
    }

    public static IEnumerable<BootAsk> PvStart(BootRun run)
    {
        yield return BootAsk.Call(Hypercall.XenVersion, (uint)XenVersionOp.Version, 0, 0);
        var version = run.Answer.Dword;
        yield return BootAsk.Call(Hypercall.XenVersion, (uint)XenVersionOp.Extraversion, 0, 0);
        var extra = run.Answer.Result < 0 ? "" : Letters(run.Answer.B);
        yield return BootAsk.Call(Hypercall.XenVersion, (uint)XenVersionOp.GetFeatures, 0, 0);
        var features = (uint)(run.Answer.B & 0xFFFFFFFF);
        var preserveAd = (features >> (int)XenFeature.MmuPtUpdatePreserveAd & 1) != 0 ? " (preserve-AD)" : "";
        run.Say("booting-pv");
        run.Print(
            "xen-version-pv",
            ("major", Number(version >> 16)),
            ("minor", Number(version & 0xFFFF)),
            ("extra", extra),
            ("preserve-ad", preserveAd));
        run.Print("kernel-command-line", ("command-line", run.State.Spec.CommandLine));
        if (run.Live)
        {
            var facts = run.State.Facts;
            (facts.OnXen, facts.XenMajor, facts.XenMinor, facts.Features) = (true, (int)(version >> 16), (int)(version & 0xFFFF), features);
            facts.GrantTable = true;
        }
    }

    public static IEnumerable<BootAsk> Events(BootRun run)
    {
        var facts = run.State.Facts;
        if (!facts.OnXen || facts.NoPv)
        {
            yield break;
        }

        var fifo = false;
        if (run.Profile.Has("fifo-events") && !CommandLine.Has(run.State.Spec.CommandLine, "xen.fifo_events=0"))
        {
            // A Xen before 4.4 has no such operation. Other CPUs follow when they come up.
            yield return BootAsk.Call(Hypercall.EventChannelOp, (uint)EvtchnOp.InitControl, 0, 0);
            fifo = run.Answer.Result == 0;
            for (var cpu = 1ul; fifo && cpu < (ulong)run.State.Spec.Vcpus; cpu++)
            {
                yield return BootAsk.Call(Hypercall.EventChannelOp, (uint)EvtchnOp.InitControl, 0, cpu);
            }
        }

        run.Say(fifo ? "fifo-events" : "two-level-events");
        if (run.Live)
        {
            facts.FifoEvents = fifo;
        }

        if (run.State.Spec.Type == DomainType.Pv)
        {
            yield break;
        }

        yield return BootAsk.Call(Hypercall.XenVersion, (uint)XenVersionOp.GetFeatures, 0, 0);
        var features = (uint)(run.Answer.B & 0xFFFFFFFF);
        if (run.Live)
        {
            facts.Features = features;
        }

        if (!run.Profile.Has("vector-callback") || !Has(features, XenFeature.HvmCallbackVector) ||
            CommandLine.Has(run.State.Spec.CommandLine, "xen_no_vector_callback"))
        {
            yield break;
        }

        yield return BootAsk.Call(Hypercall.HvmOp, (uint)HvmOp.SetParam, (ulong)HvmParam.CallbackIrq, CallbackVector);
        run.Say(run.Answer.Result == 0 ? "vector-callback" : "vector-callback-failed");
        if (run.Live)
        {
            facts.VectorCallback = run.Answer.Result == 0;
        }
    }

    public static IEnumerable<BootAsk> Timers(BootRun run)
    {
        var (facts, spec) = (run.State.Facts, run.State.Spec);
        if (spec.CommandLine.Contains("earlyprintk=xen", StringComparison.Ordinal))
        {
            run.Say("bootconsole-disabled");
        }

        var pv = spec.Type == DomainType.Pv;
        if (!facts.OnXen || facts.NoPv || (!pv && !facts.VectorCallback))
        {
            yield break;
        }

        if (!pv && !Has(facts.Features, XenFeature.HvmSafePvclock))
        {
            run.Say("no-pvclock");
            foreach (var ask in Ipis(run, 0, spec.Vcpus))
            {
                yield return ask;
            }

            yield break;
        }

        run.Say("clocksource-xen");
        yield return BootAsk.Call(Hypercall.VcpuOp, StopPeriodicTimer, 0, 0);
        if (run.Answer.Result == 0)
        {
            run.Say("vcpuop-timer");
        }

        for (var cpu = 0; cpu < spec.Vcpus; cpu++)
        {
            run.Print("installing-timer", ("cpu", Number((uint)cpu)));
            yield return BootAsk.Call(Hypercall.EventChannelOp, (uint)EvtchnOp.BindVirq, (ulong)Virq.Timer, (ulong)cpu);
            foreach (var ask in Ipis(run, cpu, cpu + 1))
            {
                yield return ask;
            }
        }
    }

    // xen_smp_intr_init, CPU by CPU: rescheduling, function calls, VIRQ_DEBUG (not with the FIFO layout), single function calls.
    private static IEnumerable<BootAsk> Ipis(BootRun run, int from, int to)
    {
        var pv = run.State.Spec.Type == DomainType.Pv;
        if (!pv && !run.Profile.Has("hvm-ipis"))
        {
            yield break;
        }

        for (var cpu = (ulong)from; cpu < (ulong)to; cpu++)
        {
            yield return BootAsk.Call(Hypercall.EventChannelOp, (uint)EvtchnOp.BindIpi, cpu, 0);
            yield return BootAsk.Call(Hypercall.EventChannelOp, (uint)EvtchnOp.BindIpi, cpu, 0);
            if (!run.State.Facts.FifoEvents)
            {
                yield return BootAsk.Call(Hypercall.EventChannelOp, (uint)EvtchnOp.BindVirq, (ulong)Virq.Debug, cpu);
            }

            yield return BootAsk.Call(Hypercall.EventChannelOp, (uint)EvtchnOp.BindIpi, cpu, 0);
            if (pv && run.Profile.Has("fifo-events"))
            {
                // xen_smp_intr_init_pv: irq_work, of kernels as new.
                yield return BootAsk.Call(Hypercall.EventChannelOp, (uint)EvtchnOp.BindIpi, cpu, 0);
            }
        }
    }

    public static IEnumerable<BootAsk> Balloon(BootRun run)
    {
        if (run.State.Facts is { OnXen: true, NoPv: false } && (run.State.Spec.Type == DomainType.Pv || run.Profile.Has("balloon-hvm")))
        {
            run.Say("balloon");
            yield return run.Sleep("us-xen-balloon", 15);
            run.Say("xen-balloon");
        }
    }

    public static IEnumerable<BootAsk> Clocksource(BootRun run)
    {
        var facts = run.State.Facts;
        var xen = facts.OnXen && !facts.NoPv && (run.State.Spec.Type == DomainType.Pv ||
            (facts.VectorCallback && Has(facts.Features, XenFeature.HvmSafePvclock)));
        run.Print("clocksource-switch", ("clocksource", xen ? "xen" : run.Profile.Has("hpet-clocksource") ? "hpet" : "acpi_pm"));
        yield break;
    }

    internal static bool Has(uint features, XenFeature feature) => (features >> (int)feature & 1) != 0;

    private static void Found(BootRun run, KernelProfile profile, string commandLine, uint version)
    {
        var deprecated = profile.Has("nopv") && CommandLine.Has(commandLine, "xen_nopv");
        if (deprecated)
        {
            run.Say("xen-nopv-deprecated");
        }

        run.Say("hypervisor-detected");
        var noPv = deprecated || (profile.Has("nopv") && CommandLine.Has(commandLine, "nopv"));
        if (!noPv)
        {
            run.Print("xen-version", ("major", Number(version >> 16)), ("minor", Number(version & 0xFFFF)));
        }

        if (run.Live)
        {
            var facts = run.State.Facts;
            (facts.OnXen, facts.NoPv) = (true, noPv);
            (facts.XenMajor, facts.XenMinor) = ((int)(version >> 16), (int)(version & 0xFFFF));
        }
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);

    // XENVER_extraversion writes 16 bytes; the model's answer carries the first eight.
    private static string Letters(ulong packed)
    {
        var text = new System.Text.StringBuilder();
        for (; packed is not 0; packed >>= 8)
        {
            text.Append((char)(packed & 0x7F));
        }

        return text.ToString();
    }
}
