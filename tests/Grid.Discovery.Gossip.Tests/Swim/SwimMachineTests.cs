using Grid.Discovery.Gossip.Swim;
using Grid.Discovery.Gossip.Wire;
using Xunit;

namespace Grid.Discovery.Gossip.Tests.Swim;

public sealed class SwimMachineTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Every_member_is_probed_once_in_each_pass()
    {
        var scene = new Scene(10);

        var pings = scene.RunUntil(Second * 9.99, _ => true).OfType<SwimEffect.SendPacket>().Where(send => send.Packet.Kind == PacketKind.Ping).ToArray();

        Assert.InRange(pings.Length, 9, 10);
        Assert.Equal(pings.Length, pings.DistinctBy(ping => ping.To.Port).Count());
    }

    [Fact]
    public void Who_does_not_answer_is_pinged_through_others_then_suspected_then_dead()
    {
        var scene = new Scene(3);

        var effects = scene.RunUntil(Second * 60, node => node != 2);

        Assert.Contains(effects, effect => effect is SwimEffect.SendPacket { Packet: { Kind: PacketKind.PingRequest } request } && request.Subject == Scene.KeyOf(2).Id);
        Assert.Contains(new SwimEffect.ReportSilence(Scene.KeyOf(2)), effects);
        Assert.Equal(
            [MemberStatus.Suspect, MemberStatus.Dead],
            effects.OfType<SwimEffect.ReportStatus>().Where(report => report.Key == Scene.KeyOf(2)).Select(report => report.Status));
        Assert.Equal(MemberStatus.Alive, scene.StatusOf(1));
    }

    [Fact]
    public void A_suspect_that_answers_with_a_higher_version_lives()
    {
        var scene = new Scene(3);
        scene.Hear(1, PacketKind.Gossip, 0, Scene.Suspect(2, accuser: 1));
        Assert.Equal(MemberStatus.Suspect, scene.StatusOf(2));

        scene.Hear(2, PacketKind.Gossip, 0, Scene.Alive(2, version: 2));

        Assert.Equal(MemberStatus.Alive, scene.StatusOf(2));
        scene.Hear(1, PacketKind.Gossip, 0, Scene.Suspect(2, accuser: 1));
        Assert.Equal(MemberStatus.Alive, scene.StatusOf(2));
    }

    [Fact]
    public void A_node_that_is_suspected_says_otherwise_and_doubts_itself()
    {
        var scene = new Scene(3);

        var effects = scene.Hear(1, PacketKind.Gossip, 0, Scene.Suspect(1, 2) with { Key = Scene.Me, Version = 1 });

        Assert.Equal(2u, scene.Machine.Self!.Version);
        Assert.Equal(1, scene.Machine.HealthScore);
        Assert.Contains(new SwimEffect.ReportRefutation(), effects);
    }

    [Fact]
    public void A_node_that_was_given_up_is_lost_and_does_not_come_back_by_itself()
    {
        var scene = new Scene(3);

        scene.Hear(1, PacketKind.Gossip, 0, Scene.Alive(1) with { Key = Scene.Me, Status = MemberStatus.Dead });

        Assert.Equal(DiscoveryLink.Lost, scene.Machine.Link);
        Assert.Null(scene.Machine.Self);
        Assert.Equal(TimeSpan.MinValue, scene.Machine.HeldUntil);
        Assert.Empty(scene.RunUntil(Second * 60, _ => true));
    }

    [Fact]
    public void What_is_dead_or_has_left_stays_so_in_that_incarnation_and_may_come_in_the_next()
    {
        var scene = new Scene(3);
        scene.Hear(1, PacketKind.Gossip, 0, Scene.Alive(2) with { Status = MemberStatus.Left, Record = default });

        scene.Hear(1, PacketKind.Gossip, 0, Scene.Alive(2, version: 9));
        Assert.Equal(MemberStatus.Left, scene.StatusOf(2));
        Assert.Equal(Scene.KeyOf(2), Assert.Single(scene.Machine.ToView(null).Departed));

        var key = Scene.KeyOf(2) with { Incarnation = 2 };
        var record = MemberRecord.Encode(Scene.RecordOf(key));
        scene.Hear(1, PacketKind.Gossip, 0, Scene.Alive(2) with { Key = key, Record = record, RecordHash = RecordHash.Of(record) });
        Assert.Equal(MemberStatus.Alive, scene.StatusOf(2));
    }

    [Fact]
    public void A_process_at_the_address_of_an_earlier_one_buries_it_at_once()
    {
        var scene = new Scene(3);

        scene.Hear(9, PacketKind.Gossip, 0, Scene.Alive(9, address: 2, order: 5));

        Assert.Equal(MemberStatus.Dead, scene.StatusOf(2));
        Assert.Equal(MemberStatus.Alive, scene.StatusOf(9));
    }

    [Fact]
    public void A_node_that_hears_nobody_suspends_itself_buries_nobody_and_is_lost_in_the_end()
    {
        var scene = new Scene(5);

        scene.RunUntil(scene.Settings.SuspicionMin(6), _ => false);
        Assert.Equal(DiscoveryLink.Suspended, scene.Machine.Link);
        Assert.True(scene.Machine.HeldUntil <= scene.Now);

        var effects = scene.RunUntil(Second * 120, _ => false);
        Assert.Equal(DiscoveryLink.Lost, scene.Machine.Link);
        Assert.DoesNotContain(effects, effect => effect is SwimEffect.ReportStatus { Status: MemberStatus.Dead });
    }

    [Fact]
    public void One_silent_node_of_two_others_is_no_isolation()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var scene = new Scene(2, seed: seed);
            for (var step = 1; step <= 50; step++)
            {
                scene.RunUntil(Second * step / 10, node => node == 1);
                Assert.True(scene.Machine.Link == DiscoveryLink.Connected, $"Seed {seed}: {scene.Machine.Link} after {scene.Now}.");
            }
        }
    }

    [Fact]
    public void With_one_other_its_silence_is_its_death()
    {
        var scene = new Scene(1);

        scene.RunUntil(Second * 60, _ => false);

        Assert.Equal(MemberStatus.Dead, scene.StatusOf(1));
        Assert.Equal(DiscoveryLink.Connected, scene.Machine.Link);
        Assert.Equal(TimeSpan.MaxValue, scene.Machine.HeldUntil);
    }

    [Fact]
    public void A_node_that_stood_still_blames_nobody_for_it()
    {
        var scene = new Scene(5);
        scene.RunUntil(Second * 5, _ => true);
        scene.Hear(1, PacketKind.Gossip, 0, Scene.Suspect(2, accuser: 1));

        scene.Machine.OnTick(Second * 600);

        Assert.Equal(MemberStatus.Suspect, scene.StatusOf(2));
        Assert.True(scene.Machine.HealthScore > 0);
        Assert.True(scene.Machine.HeldUntil < Second * 600);
    }

    [Fact]
    public void A_suspect_is_told_of_it_with_the_next_ping()
    {
        var scene = new Scene(3);
        scene.Hear(1, PacketKind.Gossip, 0, Scene.Suspect(2, accuser: 1));

        var effects = scene.Hear(2, PacketKind.Ping, 77);

        var ack = Assert.IsType<SwimEffect.SendPacket>(Assert.Single(effects)).Packet;
        Assert.Equal((PacketKind.Ack, 77ul), (ack.Kind, ack.Nonce));
        Assert.Equal((Scene.KeyOf(2), MemberStatus.Suspect), (ack.Updates[0].Key, ack.Updates[0].Status));
    }

    [Fact]
    public void A_suspect_is_called_before_its_end_and_its_answer_saves_it()
    {
        var scene = new Scene(3, new SwimSettings { Confirmations = 0 });
        scene.Hear(1, PacketKind.Gossip, 0, Scene.Suspect(2, accuser: 1));
        var death = scene.Settings.SuspicionTimeout(4, 0);

        var calls = scene.RunUntil(death - (Second / 4), node => node != 2).OfType<SwimEffect.SendPacket>()
            .Where(send => send.To.Port == 2 && send.Packet.Kind == PacketKind.Ping && send.Packet.Updates[0].Status == MemberStatus.Suspect).ToArray();
        scene.Hear(2, PacketKind.Ack, calls[^1].Packet.Nonce, Scene.Alive(2, version: 2));
        scene.RunUntil(death + Second, node => true);

        Assert.True(calls.Length >= 2, $"{calls.Length} calls");
        Assert.Equal(MemberStatus.Alive, scene.StatusOf(2));
    }

    [Fact]
    public void Who_repeats_an_old_suspicion_is_told_again_that_it_is_wrong()
    {
        var scene = new Scene(3);
        var old = Scene.Suspect(1, 2) with { Key = Scene.Me, Version = 1 };
        scene.Hear(1, PacketKind.Ping, 5, old);
        scene.RunUntil(Second * 60, _ => true);

        var effects = scene.Hear(1, PacketKind.Ping, 6, old);

        var ack = Assert.IsType<SwimEffect.SendPacket>(Assert.Single(effects)).Packet;
        Assert.Contains(ack.Updates, update => update.Key == Scene.Me && update is { Status: MemberStatus.Alive, Version: 2 });
    }

    [Fact]
    public void A_packet_for_another_process_is_ignored()
    {
        var scene = new Scene(3);

        scene.Machine.OnPacket(new SwimPacket(PacketKind.Ping, Scene.KeyOf(1), Scene.KeyOf(2).Id, 1, default, null, []), Scene.AddressOf(1), Second);

        Assert.Empty(scene.Machine.TakeEffects());
    }

    [Fact]
    public void News_is_sent_as_often_as_the_formula_says_and_no_more()
    {
        var scene = new Scene(20);
        scene.Hear(1, PacketKind.Gossip, 0, Scene.Alive(2, version: 2));

        var sent = scene.RunUntil(Second * 300, _ => true).OfType<SwimEffect.SendPacket>().Sum(send => send.Packet.Updates.Count(update => update.Key == Scene.KeyOf(2)));

        Assert.Equal(scene.Settings.RetransmitMax(21), sent);
    }
}
