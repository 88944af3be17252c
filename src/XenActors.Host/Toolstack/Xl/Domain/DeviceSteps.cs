namespace XenActors.Toolstack.Xl;

/// <summary>disk, vif and vfb.</summary>
internal static class DeviceSteps
{
    public static DomainConfig Disks(XlConfigReader reader, DomainConfig config)
    {
        var disks = new List<DiskSpec>();
        foreach (var text in reader.Strings("disk") ?? [])
        {
            var result = DiskSpecParser.Parse(text.Text, reader.Log.File, text.Position);
            reader.Log.AddRange(result.Diagnostics);
            if (result.Disk == null)
            {
                reader.FailSilently(result.ExitCode);
                return config;
            }

            disks.Add(result.Disk);
        }

        return config with { Disks = disks };
    }

    public static DomainConfig Nics(XlConfigReader reader, DomainConfig config)
    {
        var nics = new List<VifSpec>();
        foreach (var text in reader.Strings("vif") ?? [])
        {
            var result = VifSpecParser.Parse(text.Text, reader.Log.File, nics.Count, text.Position);
            reader.Log.AddRange(result.Diagnostics);
            if (result.IsFatal)
            {
                reader.FailSilently(result.ExitCode);
                return config;
            }

            nics.Add(result.Nic);
        }

        if (reader.Strings("vif2") != null)
        {
            reader.Warning("vif2", "WARNING: vif2: netchannel2 is deprecated and not supported by xl");
        }

        return config with { Nics = nics };
    }

    public static DomainConfig Vfbs(XlConfigReader reader, DomainConfig config)
    {
        var vfbs = new List<VfbSpec>();
        foreach (var text in reader.Strings("vfb") ?? [])
        {
            vfbs.Add(Vfb(text.Text));
        }

        return config with { Vfbs = vfbs };
    }

    // Unknown keys pass in silence, and a token without "=" ends the string, as in xl.
    private static VfbSpec Vfb(string spec)
    {
        var vfb = new VfbSpec();
        foreach (var token in spec.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = token.TrimStart(' ');
            var equals = pair.IndexOf('=');
            if (equals < 0)
            {
                break;
            }

            var value = pair[(equals + 1)..];
            CNumber.Parse(value, 10, out var number);
            vfb = pair[..equals] switch
            {
                "vnc" => vfb with { Vnc = vfb.Vnc with { Enable = number != 0 } },
                "vnclisten" => vfb with { Vnc = vfb.Vnc with { Listen = value } },
                "vncpasswd" => vfb with { Vnc = vfb.Vnc with { Passwd = value } },
                "vncdisplay" => vfb with { Vnc = vfb.Vnc with { Display = number } },
                "vncunused" => vfb with { Vnc = vfb.Vnc with { FindUnused = number != 0 } },
                "keymap" => vfb with { Keymap = value },
                "sdl" => vfb with { Sdl = vfb.Sdl with { Enable = number != 0 } },
                "opengl" => vfb with { Sdl = vfb.Sdl with { OpenGl = number != 0 } },
                "display" => vfb with { Sdl = vfb.Sdl with { Display = value } },
                "xauthority" => vfb with { Sdl = vfb.Sdl with { XAuthority = value } },
                _ => vfb,
            };
        }

        return vfb;
    }
}
