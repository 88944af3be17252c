namespace XenActors.Toolstack.Xl;

/// <summary>What xl reads for HVM guests only: firmware, chipset, ports.</summary>
internal static class HvmSteps
{
    public static DomainConfig Firmware(XlConfigReader reader, DomainConfig config)
    {
        if (config.Hvm is not { } hvm)
        {
            return config;
        }

        if (config.Kernel is { } kernel && kernel[(kernel.LastIndexOf('/') + 1)..] == "hvmloader")
        {
            reader.Warning("kernel", "WARNING: you seem to be using \"kernel\" directive to override HVM guest firmware. Ignore "
                + "that. Use \"firmware_override\" instead if you really want a non-default firmware");
            config = config with { Kernel = null };
        }

        hvm = hvm with { Firmware = reader.String("firmware_override") };
        var system = reader.String("bios_path_override");
        if (reader.String("bios") is { } bios)
        {
            hvm = hvm with { Bios = XlNames.Find(XlNames.BiosTypes, bios, StringComparison.OrdinalIgnoreCase) };
            if (hvm.Bios == null)
            {
                reader.Fail("bios", $"ERROR: invalid value \"{bios}\" for \"bios\"");
            }
        }
        else if (system != null)
        {
            reader.Warning("bios_path_override", "WARNING: bios_path_override given without specific bios name");
        }

        return config with { Hvm = hvm };
    }

    public static DomainConfig Chipset(XlConfigReader reader, DomainConfig config)
    {
        if (config.Hvm is not { } hvm)
        {
            return config;
        }

        hvm = hvm with { Pae = reader.Bool("pae"), AcpiS3 = reader.Bool("acpi_s3"), AcpiS4 = reader.Bool("acpi_s4") };
        reader.Bool("acpi_laptop_slate");
        hvm = hvm with { Nx = reader.Bool("nx"), Hpet = reader.Bool("hpet"), VptAlign = reader.Bool("vpt_align") };
        return config with { Hvm = hvm, Apic = reader.Bool("apic") };
    }

    public static DomainConfig Viridian(XlConfigReader reader, DomainConfig config)
    {
        if (config.Hvm is not { } hvm)
        {
            return config;
        }

        if (!reader.IsList("viridian"))
        {
            hvm = hvm with { Viridian = reader.Number("viridian", quiet: true) is { } on ? on != 0 : null };
        }
        else
        {
            var names = XlConfigReader.Texts(reader.Strings("viridian"));
            foreach (var name in names)
            {
                var plain = name.StartsWith('!') ? name[1..] : name;
                if (name is not ("all" or "defaults") && !IsEnlightenment(plain))
                {
                    reader.Fail("viridian", $"xl: unknown viridian enlightenment '{plain}'", 3);
                    return config;
                }
            }

            hvm = hvm with { ViridianList = names, Viridian = names.Contains("defaults") ? true : null };
        }

        return config with { Hvm = WithFirmware(reader, hvm) };
    }

    public static DomainConfig Ports(XlConfigReader reader, DomainConfig config)
    {
        if (config.Hvm is not { } hvm)
        {
            return config;
        }

        hvm = reader.IsList("serial")
            ? hvm with { SerialList = XlConfigReader.Texts(reader.Strings("serial")) }
            : hvm with { Serial = reader.String("serial") };
        hvm = hvm with { Boot = reader.String("boot"), Usb = reader.Bool("usb"), UsbVersion = reader.Number("usbversion") };
        hvm = reader.IsList("usbdevice")
            ? hvm with { UsbDeviceList = XlConfigReader.Texts(reader.Strings("usbdevice")) }
            : hvm with { UsbDevice = reader.String("usbdevice") };
        hvm = hvm with { VkbDevice = reader.Bool("vkb_device"), SoundHw = reader.String("soundhw") };
        hvm = hvm with
        {
            XenPlatformPci = reader.Bool("xen_platform_pci"),
            XenPlatformPciBarUc = reader.Bool("xen_platform_pci_bar_uc"),
            HvmPirq = reader.Bool("hvm_pirq"),
        };
        if (hvm.Vnc.Listen?.Contains(':') == true && hvm.Vnc.Display != 0)
        {
            reader.Fail("vnclisten", "ERROR: Display specified both in vnclisten and vncdisplay!");
        }

        return config with { Hvm = hvm };
    }

    private static bool IsEnlightenment(string name) =>
        Array.Exists(XlNames.ViridianEnlightenments, known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase));

    // "bios" and "uefi" may be shortened like a domain type; anything else is a path.
    private static HvmConfig WithFirmware(XlConfigReader reader, HvmConfig hvm)
    {
        if (reader.String("firmware") is not { } firmware)
        {
            return hvm;
        }

        return XlNames.Find(XlNames.BiosTypes, firmware, StringComparison.OrdinalIgnoreCase) is { } bios ? hvm with { Bios = bios }
            : "uefi".StartsWith(firmware, StringComparison.Ordinal) ? hvm with { Bios = BiosType.Ovmf }
            : "bios".StartsWith(firmware, StringComparison.Ordinal) ? hvm
            : hvm with { Firmware = firmware };
    }
}
