namespace XenActors.Hocon.Tests;

public sealed class UnitTests
{
    [Theory]
    [InlineData("5", 5_000_000)]
    [InlineData("\"5\"", 5_000_000)]
    [InlineData("0.25", 250_000)]
    [InlineData("20us", 20_000)]
    [InlineData("20 us", 20_000)]
    [InlineData("\"  20   us  \"", 20_000)]
    [InlineData("7ns", 7)]
    [InlineData("7 nano", 7)]
    [InlineData("7 nanos", 7)]
    [InlineData("7 nanosecond", 7)]
    [InlineData("7 nanoseconds", 7)]
    [InlineData("1 micro", 1_000)]
    [InlineData("1 micros", 1_000)]
    [InlineData("1 microsecond", 1_000)]
    [InlineData("2 microseconds", 2_000)]
    [InlineData("3ms", 3_000_000)]
    [InlineData("3 milli", 3_000_000)]
    [InlineData("3 millis", 3_000_000)]
    [InlineData("3 millisecond", 3_000_000)]
    [InlineData("3 milliseconds", 3_000_000)]
    [InlineData("0.1s", 100_000_000)]
    [InlineData("1 second", 1_000_000_000)]
    [InlineData("2 seconds", 2_000_000_000)]
    [InlineData("1m", 60_000_000_000)]
    [InlineData("1 minute", 60_000_000_000)]
    [InlineData("2 minutes", 120_000_000_000)]
    [InlineData("1h", 3_600_000_000_000)]
    [InlineData("1 hour", 3_600_000_000_000)]
    [InlineData("1.5 hours", 5_400_000_000_000)]
    [InlineData("1d", 86_400_000_000_000)]
    [InlineData("1 day", 86_400_000_000_000)]
    [InlineData("2 days", 172_800_000_000_000)]
    [InlineData("-3s", -3_000_000_000)]
    [InlineData("1e3us", 1_000_000)]
    public void Durations_come_in_nanoseconds(string text, long ns) => Assert.Equal(ns, Sample.Config("t = " + text).GetDurationNs("t"));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    [InlineData("512 b", 512)]
    [InlineData("1 byte", 1)]
    [InlineData("2 bytes", 2)]
    [InlineData("1kB", 1_000)]
    [InlineData("1KB", 1_000)]
    [InlineData("1 kilobyte", 1_000)]
    [InlineData("2 kilobytes", 2_000)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("1 megabytes", 1_000_000)]
    [InlineData("1GB", 1_000_000_000)]
    [InlineData("1 gigabyte", 1_000_000_000)]
    [InlineData("1TB", 1_000_000_000_000)]
    [InlineData("1PB", 1_000_000_000_000_000)]
    [InlineData("1EB", 1_000_000_000_000_000_000)]
    [InlineData("0.001 ZB", 1_000_000_000_000_000_000)]
    [InlineData("1K", 1L << 10)]
    [InlineData("1k", 1L << 10)]
    [InlineData("1Ki", 1L << 10)]
    [InlineData("4KiB", 4L << 10)]
    [InlineData("1 kibibyte", 1L << 10)]
    [InlineData("1M", 1L << 20)]
    [InlineData("1m", 1L << 20)]
    [InlineData("1 mebibytes", 1L << 20)]
    [InlineData("30 GiB", 30L << 30)]
    [InlineData("1g", 1L << 30)]
    [InlineData("1Ti", 1L << 40)]
    [InlineData("1P", 1L << 50)]
    [InlineData("7e", 7L << 60)]
    [InlineData("1.5 KiB", 1536)]
    public void Sizes_come_in_bytes(string text, long bytes) => Assert.Equal(bytes, Sample.Config("s = " + text).GetBytes("s"));

    [Theory]
    [InlineData("5 S")]
    [InlineData("5 fortnights")]
    [InlineData("s")]
    [InlineData("5 s s")]
    [InlineData("0.5ns")]
    [InlineData("300000 d")]
    [InlineData("1e28 d")]
    [InlineData("1e99 s")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void What_is_no_duration_is_refused(string text)
    {
        var error = Assert.Throws<HoconException>(() => Sample.Config("t = " + text).GetDurationNs("t"));

        Assert.StartsWith("t.conf:1:5: expected a duration such as 20us, 5ms or 1.5s", error.Message);
    }

    [Theory]
    [InlineData("5 kb")]
    [InlineData("5 GIB")]
    [InlineData("-1 KiB")]
    [InlineData("0.3 B")]
    [InlineData("16 EiB")]
    [InlineData("1 YiB")]
    [InlineData("GiB")]
    [InlineData("{}")]
    public void What_is_no_size_is_refused(string text)
    {
        var error = Assert.Throws<HoconException>(() => Sample.Config("s = " + text).GetBytes("s"));

        Assert.StartsWith("t.conf:1:5: expected a size such as 512, 4KiB or 30 GiB", error.Message);
    }

    [Fact]
    public void Lists_of_units_are_read_element_by_element()
    {
        var at = Sample.Config("t = [1ms, 2us], s = [1K, 5], b = [yes, off]");

        Assert.Equal([1_000_000L, 2_000L], at.GetDurationNsList("t"));
        Assert.Equal([1024L, 5L], at.GetBytesList("s"));
        Assert.Equal([true, false], at.GetBoolList("b"));
    }
}
