using XenActors.Experiments;
using XenActors.Experiments.Fio;

namespace XenActors.Tests.Fio;

public sealed class FioJobFileTests
{
    [Fact]
    public void Global_settings_hold_for_all_jobs_and_sizes_are_fios()
    {
        var jobs = FioJobFile.Parse(
            """
            global { filename = xvda, direct = 1, bs = 16k, runtime = 5 }
            jobs {
              one { rw = randread, iodepth = 8 }
              two { rw = randrw, rwmixwrite = 30, bssplit = "4k/60:1m/40", filename = xvda3, runtime = 250ms, time_based = 1 }
            }
            """,
            "x.conf");
        Assert.Equal(("one", "xvda", 16384, 8, true, 5_000_000_000L), (jobs[0].Name, jobs[0].Filename, jobs[0].BlockSizeMin, jobs[0].IoDepth, jobs[0].Direct, jobs[0].Runtime.Nanoseconds));
        Assert.Equal(("xvda3", 70, 250_000_000L), (jobs[1].Filename, jobs[1].ReadPercent, jobs[1].Runtime.Nanoseconds));
        Assert.Equal([new FioBlockSize(4096, 60), new FioBlockSize(1 << 20, 40)], jobs[1].BlockSizes);
    }

    [Theory]
    [InlineData("jobs { a { filename = xvda, iodepht = 4 } }", "x.conf:1:39: expected a setting of a job but found 'iodepht', did you mean 'iodepth'?")]
    [InlineData("job { a {} }", "x.conf:1:5: expected global or jobs but found 'job', did you mean 'jobs'?")]
    [InlineData("jobs { a { filename = xvda, rw = randraed } }", "x.conf:1:34: expected one of read, write, randread, randwrite, rw, readwrite, randrw, trim, randtrim, did you mean 'randread'?")]
    [InlineData("jobs { a { filename = xvda, bs = 1000 } }", "x.conf:1:34: expected a size in whole sectors up to 64 MiB at")]
    [InlineData("jobs { a { filename = xvda, bssplit = \"4k/60:8k/60\" } }", "x.conf:1:39: expected sizes and percents that make a hundred")]
    [InlineData("jobs { a { filename = xvda, time_based = 1 } }", "x.conf:1:42: expected a runtime beside it at")]
    [InlineData("jobs { a { filename = xvda, verify = crc32c } }", "x.conf:1:38: expected one of stamp, 0, off")]
    [InlineData("jobs {}", "x.conf:1:6: expected at least one job")]
    public void A_mistake_is_told_where_it_is(string text, string message)
    {
        var mistake = Assert.Throws<UserErrorException>(() => FioJobFile.Parse(text, "x.conf"));
        Assert.StartsWith(message, mistake.Message, StringComparison.Ordinal);
    }
}
