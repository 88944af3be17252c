using System.Globalization;
using XenActors.Guest.Block;

namespace XenActors.Guest.Boot;

/// <summary>libata with its PIIX driver, and the SCSI disk and CD drivers above it.</summary>
internal static class BootAta
{
    private const uint AssignedBusMaster = 0x1000;
    private const byte CommandRegister = 0x04;
    private const byte BusMasterRegister = 0x20;
    private const uint IoAndBusMaster = 5;

    public static IEnumerable<BootAsk> Load(string name, bool builtIn, BootRun run)
    {
        var controller = run.State.Facts.Pci.Find(f => f.IsIde);
        run.Say("scsi-subsystem");
        run.Say("libata-version");
        BootDrivers.Record(run, name, builtIn);
        if (controller is null)
        {
            yield break;
        }

        foreach (var ask in Controller(run, controller))
        {
            yield return ask;
        }

        yield return run.Sleep("us-ata-probe", 330_000);
        var found = new List<(byte Channel, byte Position, bool Packet)>();
        for (byte channel = 0; channel < 2; channel++)
        {
            yield return BootAsk.ResetAta(channel);
            for (byte position = 0; position < 2; position++)
            {
                var signature = AtaSignatures.Read(run.Answer, position);
                if (signature.IsUnknown)
                {
                    run.Print("ata-unknown", ("port", Number(channel + 1u)));
                }

                // A place that answers with an unknown signature and failed its diagnostic is tried as a disk.
                if (signature.Present && (signature.IsAtapi || (signature.IsAta && signature.Status != 0) || signature is { IsUnknown: true, Error: 0 }))
                {
                    found.Add((channel, position, signature.IsAtapi));
                }
            }
        }

        var drives = new List<AtaDrive>();
        foreach (var (channel, position, packet) in found)
        {
            yield return BootAsk.Ata(channel, AtaProbe.Identify(position, packet));
            if (run.Answer.A == 0 && run.Answer.Data.Length >= 512)
            {
                drives.Add(AtaIdentity.Read(channel, position, run.Answer.Data));
            }
        }

        foreach (var drive in drives)
        {
            yield return BootAsk.Ata(drive.Channel, AtaProbe.SetTransferMode(drive.Position));
        }

        yield return run.Sleep("us-ata-identified", 75_000);
        foreach (var drive in drives)
        {
            run.Print(
                drive.Packet ? "ata-packet" : "ata-disk",
                ("ata", drive.AtaName),
                ("version", Number((uint)drive.AtaVersion)),
                ("model", drive.Model),
                ("firmware", drive.Firmware),
                ("sectors", Number(drive.Sectors)),
                ("multi", Number((uint)drive.Multi)),
                ("lba", drive.Lba48 ? "LBA48" : "LBA"),
                ("disk", AtaNames.Ide(drive)));
        }

        foreach (var drive in drives)
        {
            yield return run.Sleep("us-scsi-device", 134_000);
            run.Print(
                "scsi-device",
                ("scsi", drive.ScsiAddress),
                ("type", (drive.Packet ? "CD-ROM" : "Direct-Access").PadRight(17)),
                ("vendor", (drive.Packet ? Vendor(drive.Model) : "ATA").PadRight(8)),
                ("model", drive.Model.PadRight(16)[..16]),
                ("firmware", drive.Firmware.PadRight(4)[..4]));
        }

        if (run.Live)
        {
            run.State.Facts.AtaDrives.AddRange(drives);
        }

        // The drivers above may have been there first.
        foreach (var drive in drives)
        {
            if (!drive.Packet && (AtaNames.HasIde(run.Profile) || run.State.Drivers.Exists(d => d is { Name: "sd_mod", Loaded: true })))
            {
                foreach (var ask in AtaDisks.TakeDisk(run, drive))
                {
                    yield return ask;
                }
            }
            else if (drive.Packet && (AtaNames.HasIde(run.Profile) || run.State.Drivers.Exists(d => d is { Name: "sr_mod", Loaded: true })))
            {
                foreach (var ask in TakeCdrom(run, drive))
                {
                    yield return ask;
                }
            }
        }
    }

    public static IEnumerable<BootAsk> TakeDisks(string name, bool builtIn, BootRun run)
    {
        BootDrivers.Record(run, name, builtIn);
        foreach (var drive in run.State.Facts.AtaDrives)
        {
            if (!drive.Packet)
            {
                foreach (var ask in AtaDisks.TakeDisk(run, drive))
                {
                    yield return ask;
                }
            }
        }
    }

    public static IEnumerable<BootAsk> TakeCdroms(string name, bool builtIn, BootRun run)
    {
        BootDrivers.Record(run, name, builtIn);
        foreach (var drive in run.State.Facts.AtaDrives)
        {
            if (drive.Packet)
            {
                foreach (var ask in TakeCdrom(run, drive))
                {
                    yield return ask;
                }
            }
        }
    }

    private static IEnumerable<BootAsk> TakeCdrom(BootRun run, AtaDrive drive)
    {
        yield return run.Sleep("us-sr-attach", 1_000_000);

        var sectors = AtaProbe.UnknownCdSectors;
        for (var attempt = 0; attempt < AtaProbe.CapacityAttempts; attempt++)
        {
            yield return BootAsk.Ata(drive.Channel, AtapiPacket.ReadCapacity(drive.Position));
            if (run.Answer.A == 0)
            {
                sectors = AtapiPacket.Sectors(run.Answer.Data);
                break;
            }

            yield return BootAsk.Ata(drive.Channel, AtapiPacket.RequestSense(drive.Position));
        }

        var name = AtaNames.HasIde(run.Profile) ? AtaNames.Ide(drive) : "sr" + Number((uint)run.State.Facts.CdromsNamed);
        run.Print("sr-drive", ("scsi", drive.ScsiAddress), ("disk", name));
        run.Say("cdrom-driver");
        yield return BootAsk.AddAtaDisk(drive, sectors);
        run.Print("sr-attached", ("scsi", drive.ScsiAddress), ("disk", name));
    }

    private static IEnumerable<BootAsk> Controller(BootRun run, PciFunction controller)
    {
        run.Print("ata-piix-version", ("address", controller.Address));

        // A controller that was reset by the unplug has lost its address; Linux gives it one.
        // Ports have 16 bits; a bus that floats, since its device model is gone, reads as all ones.
        var busMaster = controller.Bars[4] & 0xFFFCu;
        if (busMaster == 0)
        {
            busMaster = AssignedBusMaster;
            yield return BootAsk.PciOut(controller.Devfn, BusMasterRegister, 4, busMaster);
        }

        if (!controller.IoEnabled)
        {
            run.Print("pci-enabling", ("driver", "ata_piix"), ("address", controller.Address));
            yield return BootAsk.PciOut(controller.Devfn, CommandRegister, 2, IoAndBusMaster);
        }

        if (run.Live)
        {
            run.State.Facts.IdeBusMaster = (ushort)busMaster;
        }

        run.Print("scsi-host", ("host", "0"));
        run.Print("scsi-host", ("host", "1"));
        run.Print("ata-port", ("port", "1"), ("command", "1f0"), ("control", "3f6"), ("bmdma", Hex(busMaster)), ("irq", "14"));
        run.Print("ata-port", ("port", "2"), ("command", "170"), ("control", "376"), ("bmdma", Hex(busMaster + 8)), ("irq", "15"));
    }

    private static string Vendor(string model)
    {
        var space = model.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 || space > 8 ? model[..Math.Min(8, model.Length)] : model[..space];
    }

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Hex(uint value) => value.ToString("x", CultureInfo.InvariantCulture);
}
