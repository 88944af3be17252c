namespace XenActors.Toolstack.Xl;

/// <summary>type, builder, name, uuid, pool.</summary>
internal static class IdentitySteps
{
    public static DomainConfig Type(XlConfigReader reader, DomainConfig config)
    {
        reader.String("init_seclabel");
        var label = reader.String("seclabel");
        DomainType? type = null;
        if (reader.String("type") is { } text)
        {
            type = ByPrefix(text, ("hvm", DomainType.Hvm), ("pv", DomainType.Pv), ("pvh", DomainType.Pvh));
            if (type == null)
            {
                reader.Fail("type", $"Invalid domain type {text}.");
                return config;
            }
        }

        if (reader.String("builder") is { } builder)
        {
            var built = ByPrefix(builder, ("hvm", DomainType.Hvm), ("generic", DomainType.Pv));
            if (built == null || (type != null && type != built))
            {
                reader.Fail("builder", built == null
                    ? $"Invalid domain type {builder}."
                    : "Contradicting \"builder\" and \"type\" options specified.");
                return config;
            }

            type = built;
        }

        return config with
        {
            Type = type ?? DomainType.Pv,
            Hvm = type == DomainType.Hvm ? new HvmConfig() : null,
            SecurityLabel = label,
        };
    }

    public static DomainConfig Names(XlConfigReader reader, DomainConfig config)
    {
        config = config with { Hap = reader.Bool("hap") };
        if (reader.String("name") is not { } name)
        {
            reader.Fail("name", "Domain name must be specified.");
            return config;
        }

        var uuid = reader.String("uuid");
        if (uuid != null && !IsUuid(uuid))
        {
            reader.Fail("uuid", $"Failed to parse UUID: {uuid}");
            return config;
        }

        reader.Bool("oos");
        return config with { Name = name, Uuid = uuid?.ToLowerInvariant(), Pool = reader.String("pool") };
    }

    // xl compares as many characters as the file gives, so "h" and even "" are HVM, and "p" is PV.
    private static DomainType? ByPrefix(string text, params (string Name, DomainType Type)[] types)
    {
        foreach (var (name, type) in types)
        {
            if (name.StartsWith(text, StringComparison.Ordinal))
            {
                return type;
            }
        }

        return null;
    }

    private static bool IsUuid(string text)
    {
        if (text.Length != 36)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
