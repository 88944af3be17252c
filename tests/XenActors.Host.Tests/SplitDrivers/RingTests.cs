using XenActors.Abi;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

public sealed class RingTests
{
    private const uint Ring = 9;

    private static (FrontRing Front, BackRing Back) Pair(uint start = 0)
    {
        var front = FrontRing.Create(BlkifLayout.X86_64.RequestSize);
        if (start != 0)
        {
            SharedRing.SetReqProd(front.Page, start);
            SharedRing.SetRspProd(front.Page, start);
            SharedRing.SetReqEvent(front.Page, unchecked(start + 1));
            SharedRing.SetRspEvent(front.Page, unchecked(start + 1));
            front.ReqProdPvt = start;
            front.RspCons = start;
        }

        var back = BackRing.Attach([.. front.Page], BlkifLayout.X86_64.RequestSize)!;
        back.ReqCons = start;
        back.RspProdPvt = start;
        return (front, back);
    }

    private static RequestsPublished Send(FrontRing front, params ReadOnlySpan<byte> marks)
    {
        foreach (var mark in marks)
        {
            front.NextRequest().Fill(mark);
        }

        return front.Publish(Ring)!.Value;
    }

    [Fact]
    public void A_backend_that_takes_a_ring_up_goes_on_after_the_last_answer_that_its_frontend_has()
    {
        var (front, back) = Pair();
        back.Arrive(Send(front, 1, 2, 3));
        Span<byte> slot = stackalloc byte[BlkifLayout.X86_64.RequestSize];
        Assert.True(back.TryConsume(slot));
        back.NextResponse().Fill(0x55);
        front.Arrive(back.Publish(Ring)!.Value);
        var next = Pair().Back;
        Assert.True(next.Adopt(front.Remember(Ring, [])));
        Assert.True(next.TryConsume(slot));
        Assert.Equal(2, slot[0]);
        Assert.True(next.TryConsume(slot));
        Assert.Equal(3, slot[0]);
        Assert.False(next.TryConsume(slot));
        Assert.True(next.Arrive(Send(front, 4)));
        Assert.NotSame(front.Page, next.Page);
        Assert.False(next.Adopt(new RingRemembered(Ring, new byte[64], [])));
        SharedRing.SetReqProd(front.Page, 200);
        Assert.False(next.Adopt(front.Remember(Ring, [])));
    }

    [Fact]
    public void A_one_page_block_ring_has_32_entries_of_112_bytes_behind_64_bytes()
    {
        var (front, _) = Pair();
        Send(front, 0xAA);
        Assert.Equal(32, front.Entries);
        Assert.Equal(0xAA, front.Page[64]);
        Assert.Equal(0xAA, front.Page[64 + 111]);
        Assert.Equal(0, front.Page[64 + 112]);
    }

    [Fact]
    public void Initialising_asks_both_ends_for_the_first_entry()
    {
        var (front, back) = Pair();
        Assert.Equal(1u, SharedRing.RspEvent(front.Page));
        Assert.True(back.Arrive(Send(front, 1)));
    }

    [Fact]
    public void Publishing_while_the_consumer_is_busy_raises_no_event()
    {
        var (front, back) = Pair();
        Assert.True(back.Arrive(Send(front, 1)));
        Assert.NotNull(back.Consume());

        // The consumer has not come to its final check: its threshold still lies behind.
        Assert.False(back.Arrive(Send(front, 2)));
        Assert.Equal(2, back.Consume()![0]);
    }

    [Fact]
    public void The_final_check_asks_for_the_next_entry()
    {
        var (front, back) = Pair();
        back.Arrive(Send(front, 1));
        back.Consume();
        Assert.Null(back.Consume());
        Assert.Equal(2u, SharedRing.ReqEvent(back.Page));
        Assert.True(back.Arrive(Send(front, 2)));
    }

    [Fact]
    public void A_response_takes_the_slot_that_its_request_has_left()
    {
        var (front, back) = Pair();
        back.Arrive(Send(front, 7));
        back.Consume();
        back.NextResponse().Fill(0x5A);
        Assert.True(front.Arrive(back.Publish(Ring)!.Value));
        Assert.Equal(0x5A, front.Consume()![0]);
        Assert.Null(front.Consume());
    }

    [Fact]
    public void Indices_run_freely_over_2_to_the_32()
    {
        var (front, back) = Pair(uint.MaxValue - 1);
        Assert.True(back.Arrive(Send(front, 1, 2, 3, 4)));
        Assert.Equal(2u, front.ReqProdPvt);
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(i, back.Consume()![0]);
        }

        Assert.Null(back.Consume());
    }

    [Fact]
    public void A_frontend_that_is_more_than_the_ring_ahead_is_caught()
    {
        var (_, back) = Pair();
        back.Arrive(new RequestsPublished(Ring, 0, 32, []));
        Assert.False(back.Overflown);
        back.Arrive(new RequestsPublished(Ring, 0, 33, new byte[33 * 112]));
        Assert.True(back.Overflown);
        back.Arrive(new RequestsPublished(Ring, 33, uint.MaxValue, []));
        Assert.True(back.Overflown);
    }

    [Fact]
    public void What_is_no_whole_slot_is_not_written()
    {
        var (_, back) = Pair();
        var slots = new byte[112 + 50];
        Array.Fill(slots, (byte)7);
        back.Arrive(new RequestsPublished(Ring, 0, 2, slots));
        Assert.Equal(7, back.Consume()![0]);
        Assert.Equal(0, back.Consume()![0]);
    }

    [Fact]
    public void A_slot_that_is_written_again_before_it_is_taken_holds_what_was_written_last()
    {
        var (front, back) = Pair();
        back.Arrive(Send(front, 1));
        back.Arrive(new RequestsPublished(Ring, 0, 1, [.. Enumerable.Repeat((byte)9, 112)]));
        Assert.Equal(9, back.Consume()![0]);
        Assert.Null(back.Consume());
    }

    [Fact]
    public void A_backend_that_answers_more_than_the_ring_holds_is_caught()
    {
        var (front, _) = Pair();
        Send(front, 1);
        front.Arrive(new ResponsesPublished(Ring, 0, 33, []));
        Assert.True(front.Overflown);
    }

    [Fact]
    public void A_backend_takes_no_more_than_it_has_slots_to_answer_in()
    {
        var (front, back) = Pair();
        for (var i = 0; i < 32; i++)
        {
            front.NextRequest();
        }

        back.Arrive(front.Publish(Ring)!.Value);
        for (var i = 0; i < 32; i++)
        {
            Assert.NotNull(back.Consume());
        }

        back.Arrive(new RequestsPublished(Ring, 32, 40, []));
        Assert.Null(back.Consume());
    }

    [Fact]
    public void A_ring_is_full_when_every_slot_waits_for_its_response()
    {
        var (front, back) = Pair();
        for (var i = 0; i < 32; i++)
        {
            Assert.False(front.Full);
            front.NextRequest();
        }

        Assert.True(front.Full);
        back.Arrive(front.Publish(Ring)!.Value);
        back.Consume();
        back.NextResponse();
        front.Arrive(back.Publish(Ring)!.Value);
        front.Consume();
        Assert.False(front.Full);
    }

    [Fact]
    public void No_request_is_lost_whatever_the_batches_are()
    {
        var random = new Random(12345);
        var (front, back) = Pair();
        var awake = false;
        uint sent = 0, served = 0, answered = 0;
        while (answered < 5000)
        {
            for (var n = random.Next(4); n > 0 && !front.Full && sent < 5000; n--)
            {
                front.NextRequest()[0] = unchecked((byte)sent++);
            }

            if (front.Publish(Ring) is { } requests)
            {
                awake |= back.Arrive(requests);
            }

            while (awake && back.Consume() is { } request)
            {
                Assert.Equal(unchecked((byte)served++), request[0]);
                back.NextResponse()[0] = request[0];
            }

            awake = false;
            if (back.Publish(Ring) is { } responses)
            {
                front.Arrive(responses);
                while (front.Consume() is { } response)
                {
                    Assert.Equal(unchecked((byte)answered++), response[0]);
                }
            }
        }

        Assert.Equal(sent, answered);
    }
}
