using System.Globalization;

namespace XenActors.Guest.Boot;

/// <summary>The unplug protocol at ports 0x10 and 0x12 (<c>docs/misc/hvm-emulated-unplug.pandoc</c>), as Linux speaks it.</summary>
internal static class BootUnplug
{
    private const ushort MagicPort = 0x10;
    private const ushort VersionPort = 0x12;
    private const ulong Magic = 0x49D2;
    private const uint LinuxProduct = 3;
    private const uint LinuxBuild = 1;

    /// <summary>In <c>xen_arch_hvm_setup</c>, before any bus is looked at.</summary>
    public static IEnumerable<BootAsk> Early(BootRun run)
    {
        var facts = run.State.Facts;
        if (!run.Profile.Has("emul-unplug") || !facts.OnXen || facts.NoPv)
        {
            if (run.Live)
            {
                facts.Refusal = UnplugRefusal.NotImplemented;
            }

            yield break;
        }

        var asked = facts.UnplugAsked;
        if ((asked & UnplugState.Never) != 0)
        {
            Refuse(run, UnplugRefusal.Never);
            yield break;
        }

        // Straight down rather than in a method of its own: its questions are this step's questions.
        yield return BootAsk.In(MagicPort, 2);
        var refusal = run.Answer.Word == Magic ? UnplugRefusal.None : UnplugRefusal.NoMagic;
        if (refusal == UnplugRefusal.None)
        {
            yield return BootAsk.In(VersionPort, 1);
            var version = run.Answer.Byte;
            run.Print("unplug-protocol", ("version", version.ToString(CultureInfo.InvariantCulture)));
            if (version == 1)
            {
                yield return BootAsk.Out(VersionPort, 2, LinuxProduct);
                yield return BootAsk.Out(MagicPort, 4, LinuxBuild);
                yield return BootAsk.In(MagicPort, 2);
                refusal = run.Answer.Word == Magic ? UnplugRefusal.None : UnplugRefusal.Blacklisted;
            }
            else
            {
                refusal = UnplugRefusal.UnknownProtocol;
            }
        }

        run.Say(refusal switch
        {
            UnplugRefusal.NoMagic => "unplug-magic",
            UnplugRefusal.UnknownProtocol => "unplug-unknown-protocol",
            UnplugRefusal.Blacklisted => "unplug-blacklisted",
            _ => "",
        });
        var unnecessary = (asked & UnplugState.Unnecessary) != 0;
        if (refusal != UnplugRefusal.None && !(refusal == UnplugRefusal.NoMagic && unnecessary))
        {
            Refuse(run, refusal);
            yield break;
        }

        var unplug = asked != 0 ? asked : Default(run);
        if (!unnecessary)
        {
            // The instruction takes 16 bits: the kernel's own two never reach the device.
            yield return BootAsk.Out(MagicPort, 2, unplug & 0xFFFF);
        }

        if (run.Live)
        {
            facts.Unplug = unplug;
            facts.UnplugWritten = unnecessary ? null : (ushort)(unplug & 0xFFFF);
            facts.Refusal = unnecessary ? UnplugRefusal.Unnecessary : unplug == 0 ? UnplugRefusal.NoFrontends : UnplugRefusal.None;
        }
    }

    /// <summary>After a resume: what was decided at boot is written once more, and nothing is said about it.</summary>
    public static IEnumerable<BootAsk> Again(BootRun run)
    {
        var unplug = run.State.Facts.UnplugWritten ?? 0;
        yield return BootAsk.In(MagicPort, 2);
        if (run.Answer.Word != Magic)
        {
            run.Say("unplug-magic");
            yield break;
        }

        yield return BootAsk.In(VersionPort, 1);
        if (run.Answer.Byte == 1)
        {
            yield return BootAsk.Out(VersionPort, 2, LinuxProduct);
            yield return BootAsk.Out(MagicPort, 4, LinuxBuild);
            yield return BootAsk.In(MagicPort, 2);
            if (run.Answer.Word != Magic)
            {
                run.Say("unplug-blacklisted");
                yield break;
            }
        }

        yield return BootAsk.Out(MagicPort, 2, unplug);
    }

    /// <summary>The old modules' own way: the platform driver unplugs what its parameter says, when it is loaded.</summary>
    public static IEnumerable<BootAsk> ByModule(BootRun run)
    {
        var parameter = CommandLine.Value(run.State.Spec.CommandLine, "dev_unplug");
        var bits = parameter is null ? (uint)run.Profile.Number("dev-unplug-default", 0) : Bits(run, parameter);
        yield return BootAsk.In(MagicPort, 2);
        if (run.Answer.Word != Magic)
        {
            run.Say("unplug-magic");
            Refuse(run, UnplugRefusal.NoMagic);
            yield break;
        }

        yield return BootAsk.In(VersionPort, 1);
        var version = run.Answer.Byte;
        run.Print("unplug-protocol", ("version", version.ToString(CultureInfo.InvariantCulture)));
        if (version == 1)
        {
            yield return BootAsk.Out(VersionPort, 2, LinuxProduct);
            yield return BootAsk.Out(MagicPort, 4, LinuxBuild);
            yield return BootAsk.In(MagicPort, 2);
            if (run.Answer.Word != Magic)
            {
                run.Say("unplug-blacklisted");
                Refuse(run, UnplugRefusal.Blacklisted);
                yield break;
            }
        }

        if (bits != 0)
        {
            yield return BootAsk.Out(MagicPort, 2, bits);
        }

        if (run.Live)
        {
            var facts = run.State.Facts;
            facts.UnplugWritten = bits != 0 ? (ushort)bits : null;
            facts.Refusal = bits != 0 ? UnplugRefusal.None : UnplugRefusal.Never;

            // These drivers ask nobody whether they may: they count as if everything were allowed.
            facts.Unplug = bits | UnplugState.All;
        }
    }

    private static uint Default(BootRun run)
    {
        var (profile, unplug) = (run.Profile, 0u);
        var platform = profile.Has("xen-platform-pci") || !profile.Has("unplug-needs-platform-pci");
        if (platform && profile.Has("xen-netfront"))
        {
            run.Say("unplug-nics");
            unplug |= UnplugState.Nics;
        }

        if (platform && profile.Has("xen-blkfront"))
        {
            run.Say("unplug-disks");
            unplug |= UnplugState.IdeDisks;
        }

        return unplug;
    }

    private static uint Bits(BootRun run, string parameter)
    {
        var (bits, unrecognised) = UnplugParameter.Read("dev_unplug=" + parameter, "dev_unplug", oldWords: false);
        foreach (var rest in unrecognised)
        {
            run.Print("unplug-unrecognised", ("option", rest));
        }

        return (bits & UnplugState.Never) != 0 ? 0 : bits & UnplugState.All;
    }

    private static void Refuse(BootRun run, UnplugRefusal refusal)
    {
        if (run.Live)
        {
            run.State.Facts.Refusal = refusal;
        }
    }
}
