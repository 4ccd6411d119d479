using System.Collections.Immutable;

namespace Grid.Serialization.Tests;

public class ObjectTests
{
    [Fact]
    public void A_record_comes_back_equal()
    {
        var person = new Person("Ada", 36, 61.5, true, 1L << 40, new DateTime(1815, 12, 10, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(person, Payload.RoundTrip(person));
    }

    [Fact]
    public void Private_readonly_inherited_and_shadowed_fields_come_back()
    {
        var copy = Payload.RoundTrip(new Dog("Rex", 7) { Friend = new Animal("Tom") });

        Assert.Equal(("Rex", 7, 14, "Tom"), (copy.Name, copy.Age, copy.Doubled, copy.Friend!.Name));
    }

    [Fact]
    public void A_derived_object_keeps_its_type_where_the_static_type_is_the_base()
    {
        Animal[] copy = Payload.RoundTrip<Animal[]>([new Animal("Tom"), new Dog("Rex", 7)]);

        Assert.Equal([typeof(Animal), typeof(Dog)], copy.Select(a => a.GetType()));
    }

    [Fact]
    public void One_object_in_two_places_stays_one_object()
    {
        var animal = new Animal("Tom");
        var copy = Payload.RoundTrip(new Holder<object> { First = animal, Second = new List<object> { animal, animal } });

        Assert.All((List<object>)copy.Second!, a => Assert.Same(copy.First, a));
    }

    [Fact]
    public void A_cycle_comes_back_as_a_cycle()
    {
        var root = new TreeNode { Value = 1 };
        root.Children.Add(new TreeNode { Value = 2, Parent = root });
        root.Children.Add(root);

        var copy = Payload.RoundTrip(root);

        Assert.Same(copy, copy.Children[0].Parent);
        Assert.Same(copy, copy.Children[1]);
    }

    [Fact]
    public void An_array_that_holds_itself_comes_back()
    {
        var array = new object[2];
        array[0] = array;

        var copy = Payload.RoundTrip(array);

        Assert.Same(copy, copy[0]);
        Assert.Null(copy[1]);
    }

    [Fact]
    public void A_thousand_shared_objects_keep_their_identity()
    {
        var nodes = Enumerable.Range(0, 1000).Select(i => new TreeNode { Value = i }).ToList();
        var random = new Random(5);
        nodes.ForEach(n => n.Parent = nodes[random.Next(nodes.Count)]);

        var copy = Payload.RoundTrip(nodes);

        Assert.Equal(nodes.Select(n => n.Parent!.Value), copy.Select(n => n.Parent!.Value));
        Assert.All(copy, n => Assert.Same(copy[n.Parent!.Value], n.Parent));
    }

    [Fact]
    public void Structures_tuples_nullables_and_anonymous_types_come_back()
    {
        var point = Payload.RoundTrip(new Point(3, 4));
        var anonymous = new { Name = "x", Inner = new { Value = (int?)5, None = (int?)null } };
        var tuple = (1, "two", (3.0, (DayOfWeek?)DayOfWeek.Monday), 4, 5, 6, 7, 8, 9);

        Assert.Equal((3, 4), (point.X, point.Y));
        Assert.Equal(anonymous, Payload.RoundTrip(anonymous));
        Assert.Equal(tuple, Payload.RoundTrip(tuple));
        Assert.Equal(Tuple.Create(1, "two", 3.5), Payload.RoundTrip(Tuple.Create(1, "two", 3.5)));
    }

    [Fact]
    public void An_inline_array_comes_back()
    {
        var three = default(Three);
        three[0] = "a";
        three[2] = "c";

        var copy = Payload.RoundTrip(three);

        Assert.Equal(("a", null, "c"), (copy[0], copy[1], copy[2]));
    }

    [Fact]
    public void A_field_marked_NonSerialized_stays_at_home()
    {
        var copy = Payload.RoundTrip(new Holder<string> { First = "a", Skipped = "b" });

        Assert.Equal(("a", null), (copy.First, copy.Skipped));
    }

    [Fact]
    public void An_object_to_lock_on_arrives_as_one_object_and_a_lock_arrives_free()
    {
        var gate = new object();
        var copy = Payload.RoundTrip(new Holder<object> { First = gate, Second = gate });
        var held = new Lock();
        Lock arrived;
        lock (held)
        {
            arrived = Payload.RoundTrip(held);
        }

        Assert.Same(copy.First, copy.Second);
        Assert.True(arrived.TryEnter());
    }

    [Fact]
    public void Interface_and_object_members_keep_the_types_of_their_values()
    {
        var copy = Payload.RoundTrip(new Holder<IEnumerable<object>> { First = new List<object> { 1, 2L, "3", 4.0, 5f, 'c', DayOfWeek.Friday, new Point(1, 2) }, Second = ["x"] });

        Assert.Equal([typeof(int), typeof(long), typeof(string), typeof(double), typeof(float), typeof(char), typeof(DayOfWeek), typeof(Point)], copy.First!.Select(o => o.GetType()));
        Assert.Equal(["x"], copy.Second!);
    }

    [Fact]
    public void The_finalizer_does_not_run_on_an_object_whose_read_failed()
    {
        var bytes = Payload.Write(new Finalizable { Text = "whole" });
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Assert.ThrowsAny<GridException>(() => Payload.Read<Finalizable>(bytes[..cut]));
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(0, Volatile.Read(ref Finalizable.HalfBuilt));
        Assert.Equal("whole", Payload.Read<Finalizable>(bytes).Text);
    }

    [Fact]
    public void A_cycle_through_an_immutable_collection_is_refused()
    {
        var box = new object[1];
        box[0] = ImmutableList.Create((object)box);

        Assert.Contains("contains itself", Payload.Refusal(box[0]).Message, StringComparison.Ordinal);
    }

    private sealed class Finalizable
    {
        public static int HalfBuilt;
        public string? Text;

        ~Finalizable()
        {
            if (Text is null)
            {
                Interlocked.Increment(ref HalfBuilt);
            }
        }
    }
}
