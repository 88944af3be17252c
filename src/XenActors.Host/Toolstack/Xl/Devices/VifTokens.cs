namespace XenActors.Toolstack.Xl;

/// <summary>What each token of a network specification does to the interface.</summary>
internal sealed class VifTokens(DiagnosticLog log, SourcePosition? at)
{
    public VifSpec Nic { get; set; } = new();

    public bool IsFatal { get; private set; }

    /// <returns>False for a token that xl refuses.</returns>
    public bool Apply(string token)
    {
        if (token is "trusted" or "untrusted")
        {
            Nic = Nic with { Trusted = token == "trusted" };
            return true;
        }

        var equals = token.IndexOf('=');
        return equals >= 0 && Known(token[..equals], token[(equals + 1)..]) is { } fine
            ? fine
            : Refuse($"unrecognized argument `{token}'");
    }

    private bool? Known(string key, string value)
    {
        switch (key)
        {
            case "type":
                return Type(value);
            case "mac":
                return Mac(value);
            case "netdev":
                log.Plain(DiagnosticSeverity.Warning, "the netdev parameter is deprecated, please use gatewaydev instead", at);
                Nic = Nic with { GatewayDev = value };
                return true;
            case "accel":
                log.Plain(DiagnosticSeverity.Warning, "the accel parameter for vifs is currently not supported", at);
                return true;
            case "rate":
                var rate = VifRateParser.Parse(value, log, at);
                IsFatal |= rate == null;
                Nic = Nic with { Rate = rate };
                return true;
            case "devid":
                Nic = Nic with { Devid = Number(value) };
                return true;
            case "mtu":
                Nic = Nic with { Mtu = Number(value) };
                return true;
            default:
                return Text(key, value);
        }
    }

    private bool? Text(string key, string value)
    {
        VifSpec? nic = key switch
        {
            "bridge" => Nic with { Bridge = value },
            "gatewaydev" => Nic with { GatewayDev = value },
            "ip" => Nic with { Ip = value },
            "script" => Nic with { Script = value },
            "backend" => Nic with { BackendDomain = value },
            "vifname" => Nic with { IfName = value },
            "model" => Nic with { Model = value },
            "vlan" => Nic with { Vlan = value },
            _ when VifColoKeys.Contains(key) => Nic with { Colo = [.. Nic.Colo, new(key, value)] },
            _ => null,
        };
        Nic = nic ?? Nic;
        return nic == null ? null : true;
    }

    private bool Type(string value)
    {
        if (value is not ("vif" or "ioemu"))
        {
            return Refuse("Invalid parameter `type'.");
        }

        Nic = Nic with { Type = value == "vif" ? NicType.Vif : NicType.VifIoemu };
        return true;
    }

    // Octets read before the bad one stay, as in xl: libxl then takes the address as given.
    private bool Mac(string value)
    {
        var rest = value;
        for (var octet = 0; octet < 6; octet++)
        {
            var end = CNumber.ParseUnsigned(rest, 16, out var number, out _);
            if (end == 0 || (number & uint.MaxValue) > byte.MaxValue)
            {
                return Refuse("Invalid parameter `mac'.");
            }

            Nic = Nic with { Mac = Nic.Mac.With(octet, (byte)(number & byte.MaxValue)) };
            rest = end < rest.Length ? rest[(end + 1)..] : "";
        }

        return true;
    }

    private ulong? Number(string value)
    {
        var end = CNumber.ParseUnsigned(value, 10, out var number, out _);
        if (end > 0 && number != ulong.MaxValue)
        {
            return number;
        }

        log.Plain(DiagnosticSeverity.Error, $"xl: failed to convert \"{value}\" to number", at);
        IsFatal = true;
        return null;
    }

    private bool Refuse(string message)
    {
        log.Plain(DiagnosticSeverity.Warning, message, at);
        return false;
    }
}
