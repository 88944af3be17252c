namespace XenActors.DeviceModel.Ide;

/// <summary>SMART as QEMU's drives have it: always healthy, with attributes that never change (ATA/ATAPI-7 6.52; QEMU hw/ide/core.c).</summary>
internal static class AtaSmart
{
    private const int PageSize = 512;
    private const int SelfTestMax = 21;
    private const int SelfTestSize = 24;
    private const byte KeyMid = 0x4F;
    private const byte KeyHigh = 0xC2;

    // Number, flags (two bytes), value, worst, raw value (six bytes), threshold.
    private static readonly byte[][] Attributes =
    [
        [1, 0x03, 0, 100, 100, 0, 0, 0, 0, 0, 0, 6], // raw read error rate
        [3, 0x03, 0, 100, 100, 16, 0, 0, 0, 0, 0, 0], // spin up
        [4, 0x02, 0, 100, 100, 100, 0, 0, 0, 0, 0, 20], // start stop count
        [5, 0x03, 0, 100, 100, 0, 0, 0, 0, 0, 0, 36], // remapped sectors
        [9, 0x03, 0, 100, 100, 1, 0, 0, 0, 0, 0, 0], // power on hours
        [12, 0x03, 0, 100, 100, 0, 0, 0, 0, 0, 0, 0], // power cycle count
        [190, 0x03, 0, 69, 69, 31, 0, 31, 31, 0, 0, 50], // airflow temperature
    ];

    /// <summary>The page that the command brings; null when it is over, or was aborted.</summary>
    public static byte[]? Execute(IdeDevice device)
    {
        var smart = device.Smart;
        if (device.LbaHigh != KeyHigh || device.LbaMid != KeyMid || (!smart.Enabled && device.Feature != 0xD8))
        {
            device.Abort();
            return null;
        }

        switch (device.Feature)
        {
            case 0xD0:
                return ReadData(smart);
            case 0xD1:
                return ReadThresholds();
            case 0xD2 when device.LbaLow is 0 or 0xF1:
                smart.Autosave = device.LbaLow != 0;
                return null;
            case 0xD4 when device.LbaLow <= 2:
                SelfTest(smart, device.LbaLow);
                return null;
            case 0xD5 when device.LbaLow is 1 or 6:
                return ReadLog(smart, device.LbaLow);
            case 0xD8 or 0xD9:
                smart.Enabled = device.Feature == 0xD8;
                return null;
            case 0xDA: // RETURN STATUS: the key again, for a healthy drive
                return null;
            default:
                device.Abort();
                return null;
        }
    }

    private static byte[] ReadData(AtaSmartState smart)
    {
        var page = Page(11);
        page[362] = (byte)(0x02 | (smart.Autosave ? 0x80 : 0));
        page[363] = smart.SelfTests == 0 ? (byte)0 : smart.SelfTestLog[3 + ((smart.SelfTests - 1) * SelfTestSize)];
        page[364] = 0x20;
        page[365] = 0x01;
        page[367] = 0x19; // runs off line and tests itself
        page[368] = 0x03;
        page[370] = 0x01;
        page[372] = 2; // minutes of a short test, a long one, one after transport
        page[373] = 54;
        page[374] = 1;
        return Sealed(page);
    }

    private static byte[] ReadThresholds()
    {
        var page = new byte[PageSize];
        page[0] = 1;
        for (var i = 0; i < Attributes.Length; i++)
        {
            page[2 + (12 * i)] = Attributes[i][0];
            page[3 + (12 * i)] = Attributes[i][11];
        }

        return Sealed(page);
    }

    private static byte[] ReadLog(AtaSmartState smart, byte log)
    {
        var page = new byte[PageSize];
        page[0] = 1;
        if (log == 6 && smart.SelfTests > 0)
        {
            smart.SelfTestLog.AsSpan(2, 504).CopyTo(page.AsSpan(2));
            page[508] = (byte)smart.SelfTests;
        }

        return Sealed(page);
    }

    private static void SelfTest(AtaSmartState smart, byte kind)
    {
        if (smart.SelfTestLog.Length == 0)
        {
            smart.SelfTestLog = new byte[PageSize];
        }

        smart.SelfTests = smart.SelfTests == SelfTestMax ? 1 : smart.SelfTests + 1;
        var entry = smart.SelfTestLog.AsSpan(2 + ((smart.SelfTests - 1) * SelfTestSize));
        (entry[0], entry[1], entry[2], entry[3]) = (kind, 0, 0x34, 0x12); // passed, after 0x1234 hours
    }

    private static byte[] Page(int bytes)
    {
        var page = new byte[PageSize];
        page[0] = 1;
        for (var i = 0; i < Attributes.Length; i++)
        {
            Attributes[i].AsSpan(0, bytes).CopyTo(page.AsSpan(2 + (12 * i)));
        }

        return page;
    }

    // The last byte makes the sum of all zero.
    private static byte[] Sealed(byte[] page)
    {
        var sum = 0;
        foreach (var value in page)
        {
            sum += value;
        }

        page[^1] = (byte)((256 - (sum & 0xFF)) & 0xFF);
        return page;
    }
}
