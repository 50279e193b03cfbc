#include "pyro/html/charts.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "scale.hpp"
#include "xml_test_support.hpp"

namespace pyro::html {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> numbers(const std::vector<std::string>& texts) {
  std::vector<double> values;
  values.reserve(texts.size());
  for (const std::string& text : texts) values.push_back(std::stod(text));
  return values;
}

TEST(Scale, HasWholeTicksAroundTheValues) {
  const Scale scale({}, {0.13, 0.92}, 0, 100);
  EXPECT_DOUBLE_EQ(scale.from(), 0.0);
  EXPECT_DOUBLE_EQ(scale.to(), 1.0);
  ASSERT_EQ(scale.ticks().size(), 6U);
  EXPECT_EQ(scale.tick_text(scale.ticks()[1]), "0.2");
  EXPECT_DOUBLE_EQ(scale.px(0.25), 25);
  const Scale thousands({}, {0, 30000}, 100, 0);
  EXPECT_EQ(thousands.tick_text(thousands.ticks().back()), "30,000");
  EXPECT_DOUBLE_EQ(thousands.px(7500), 75) << "upwards";
}

TEST(Scale, OfLogarithmsGivesEachDecadeTheSameRoom) {
  Axis axis;
  axis.log = true;
  const Scale scale(axis, {0.0002, 0.05, -3, 0}, 0, 300);
  EXPECT_NEAR(scale.from(), 1e-4, 1e-12);
  EXPECT_NEAR(scale.to(), 0.1, 1e-9);
  EXPECT_NEAR(scale.px(1e-3), 100, 1e-6);
  EXPECT_NEAR(scale.px(1e-2), 200, 1e-6);
  EXPECT_FALSE(scale.shows(0));
  EXPECT_EQ(scale.tick_text(scale.ticks().front()), "0.0001");
}

TEST(Scale, HasRoomForNothingOneValueAndHugeOnes) {
  for (const std::vector<double>& values :
       {std::vector<double>{}, {kNaN}, {0.0}, {5.0}, {-5.0}, {1e-300}, {1e300, -1e300}, {1e15, 1e15 + 1}}) {
    for (const bool log : {false, true}) {
      Axis axis;
      axis.log = log;
      const Scale scale(axis, values, 0, 100);
      EXPECT_LT(scale.from(), scale.to());
      EXPECT_LE(scale.ticks().size(), 700U);
      for (const double value : values) {
        if (!scale.shows(value)) continue;
        EXPECT_GE(scale.px(value), -1e-6);
        EXPECT_LE(scale.px(value), 100 + 1e-6);
      }
    }
  }
}

TEST(Scale, KeepsTheEndsThatItIsGiven) {
  const Scale scale({"", false, 0.0, 0.73}, {0.2, 5.0}, 0, 73);
  EXPECT_DOUBLE_EQ(scale.to(), 0.73);
  EXPECT_DOUBLE_EQ(scale.px(0.5), 50);
}

// The plot's area in pixels, read from the nested svg that clips it.
struct Seen {
  explicit Seen(const Html& html) : xml(html.markup) {
    const auto box = [&](const char* name) {
      return std::stod(xml.find(std::string("//*[local-name()='svg']/*[local-name()='svg']/@") + name).at(0));
    };
    left = box("x"), top = box("y"), width = box("width"), height = box("height");
  }
  Xml xml;
  double left, top, width, height;
};

TEST(LineChart, PutsValuesWhereTheyBelong) {
  const Seen seen(chart(LineChart{
      "t", {"epoch", false, 0.0, 10.0}, {"loss", false, 0.0, 2.0}, {{"s", {0, 5, 10}, {2, 1, 0}, {}, {}}}}));
  ASSERT_TRUE(seen.xml.well_formed());
  const auto cx = numbers(seen.xml.find(any("circle") + "/@cx")),
             cy = numbers(seen.xml.find(any("circle") + "/@cy"));
  EXPECT_THAT(cx, ElementsAre(DoubleNear(seen.left, 0.011), DoubleNear(seen.left + seen.width / 2, 0.011),
                              DoubleNear(seen.left + seen.width, 0.011)));
  EXPECT_THAT(cy, ElementsAre(DoubleNear(seen.top, 0.011), DoubleNear(seen.top + seen.height / 2, 0.011),
                              DoubleNear(seen.top + seen.height, 0.011)));
}

TEST(LineChart, BreaksItsLineAtAGap) {
  const Seen seen(chart(
      LineChart{"t", {}, {}, {{"s", {0, 1, 2, 3}, {1, kNaN, 3, 4}, {0, kNaN, 2, 3}, {2, kNaN, 4, 5}}}}));
  const auto lines = seen.xml.find(any("path", "@class='line'") + "/@d");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(std::count(lines[0].begin(), lines[0].end(), 'M'), 2);
  EXPECT_EQ(std::count(lines[0].begin(), lines[0].end(), 'L'), 1);
  const auto bands = seen.xml.find(any("path", "@class='band'") + "/@d");
  ASSERT_EQ(bands.size(), 1U);
  EXPECT_EQ(std::count(bands[0].begin(), bands[0].end(), 'Z'), 2);
}

TEST(LineChart, NamesItsSeriesFromTwoOn) {
  LineChart one{"t", {}, {}, {{"alone", {0}, {1}, {}, {}}}};
  EXPECT_EQ(chart(one).markup.find("legend"), std::string::npos);
  one.series.push_back({"other & more", {0}, {2}, {}, {}});
  EXPECT_THAT(chart(one).markup, HasSubstr("other &amp; more</li>"));
}

TEST(LineChart, TheDiagonalOfAReliabilityDiagramIsWhereXIsY) {
  const Seen seen(chart(LineChart{"t", {"", false, 0.0, 1.0}, {"", false, 0.0, 1.0}, {}, {}, true}));
  std::string path = seen.xml.find(any("path", "@class='mark'") + "/@d").at(0);
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  ASSERT_EQ(std::sscanf(path.c_str(), "M%lf %lfL%lf %lf", &x0, &y0, &x1, &y1), 4);
  EXPECT_NEAR(x0, seen.left, 0.011);
  EXPECT_NEAR(y0, seen.top + seen.height, 0.011);
  EXPECT_NEAR(x1, seen.left + seen.width, 0.011);
  EXPECT_NEAR(y1, seen.top, 0.011);
}

TEST(BarChart, HeightsAndErrorBarsAreTheValues) {
  const Seen seen(chart(BarChart{
      "t", {"", false, std::nullopt, 100.0}, {"a", "b"}, {{"s", {25, 100}, {20, kNaN}, {50, kNaN}}}}));
  const auto heights = numbers(seen.xml.find(any("rect") + "/@height"));
  EXPECT_THAT(heights, ElementsAre(DoubleNear(seen.height / 4, 0.011), DoubleNear(seen.height, 0.011)));
  const auto bars = seen.xml.find(any("path", "@class='err'") + "/@d");
  ASSERT_EQ(bars.size(), 1U) << "none where the interval is not known";
  double x = 0, low = 0, high = 0;
  ASSERT_EQ(std::sscanf(bars[0].c_str(), "M%lf %lfV%lf", &x, &low, &high), 3);
  EXPECT_NEAR(low, seen.top + seen.height * 0.8, 0.011);
  EXPECT_NEAR(high, seen.top + seen.height * 0.5, 0.011);
}

TEST(StackedChart, PilesPartsUpAndDownAndStrikesTheirSum) {
  const Seen seen(chart(StackedChart{"t",
                                     "minute",
                                     {"", false, -1.0, 1.0},
                                     {"a", "b"},
                                     {{"up", {0.25, kNaN}}, {"more", {0.5, kNaN}}, {"down", {-0.5, kNaN}}}}));
  ASSERT_TRUE(seen.xml.well_formed());
  const double unit = seen.height / 2, zero = seen.top + unit;
  const auto tops = numbers(seen.xml.find(any("rect") + "/@y"));
  const auto heights = numbers(seen.xml.find(any("rect") + "/@height"));
  EXPECT_THAT(tops, ElementsAre(DoubleNear(zero - unit / 4, 0.011), DoubleNear(zero - unit * 0.75, 0.011),
                                DoubleNear(zero, 0.011), DoubleNear(seen.top, 0.011)));
  EXPECT_THAT(heights, ElementsAre(DoubleNear(unit / 4, 0.011), DoubleNear(unit / 2, 0.011),
                                   DoubleNear(unit / 2, 0.011), DoubleNear(seen.height, 0.011)));
  const auto strokes = seen.xml.find(any("path", "@class='err'") + "/@d");
  ASSERT_EQ(strokes.size(), 1U) << "a gap has no sum";
  double x = 0, y = 0;
  ASSERT_EQ(std::sscanf(strokes[0].c_str(), "M%lf %lf", &x, &y), 2);
  EXPECT_NEAR(y, zero - unit / 4, 0.011);
}

TEST(StackedChart, LeavesOutLabelsThatWouldTouch) {
  StackedChart hour{"t", "minute", {}, {}, {{"s", std::vector<double>(60, 1)}}};
  for (int i = 0; i < 60; ++i) hour.categories.push_back(std::to_string(i));
  const Seen seen(chart(hour));
  const auto labels = seen.xml.find(any("text"));
  EXPECT_EQ(std::count(labels.begin(), labels.end(), "1"), 0);
  EXPECT_EQ(std::count(labels.begin(), labels.end(), "10"), 1);
}

TEST(BarChart, NegativeBarsHangFromZero) {
  const Seen seen(chart(BarChart{"t", {"", false, -1.0, 1.0}, {"a"}, {{"s", {-0.5}, {}, {}}}}));
  EXPECT_THAT(numbers(seen.xml.find(any("rect") + "/@y")),
              ElementsAre(DoubleNear(seen.top + seen.height / 2, 0.011)));
  EXPECT_THAT(numbers(seen.xml.find(any("rect") + "/@height")),
              ElementsAre(DoubleNear(seen.height / 4, 0.011)));
}

TEST(Scatter, ShowsEachDotOnceWithItsPicture) {
  const std::vector<std::uint8_t> grey(4, 9);
  Scatter scatter{"t", {}, {}, {{"g", Tint::fear}}, {}, {}};
  for (int i = 0; i < 3000; ++i) scatter.dots.push_back({static_cast<double>(i), kNaN, 0, ""});
  for (int i = 0; i < 5; ++i) scatter.dots[static_cast<std::size_t>(i) * 7].y = i;
  scatter.pictures.assign(3000, Raster{grey, 2, 2, 1});
  const Xml xml(chart(scatter).markup);
  ASSERT_TRUE(xml.well_formed());
  EXPECT_THAT(xml.find(any("circle") + "/@data-picture"), ElementsAre("0", "7", "14", "21", "28"));
  EXPECT_THAT(xml.find(any("g") + "/@data-columns"), ElementsAre("55"));
  EXPECT_EQ(xml.find(any("img") + "/@id"), xml.find(any("g") + "/@data-sheet"));
  scatter.pictures.pop_back();
  EXPECT_EQ(chart(scatter).markup.find("data-sheet"), std::string::npos) << "not one for each dot";
}

TEST(Scatter, WritesPlaceNamesOverTheDots) {
  Scatter scatter;
  scatter.groups = {{"a", Tint::happy}};
  scatter.dots = {{0, 0, 0}, {4, 4, 0}};
  scatter.labels = {{2, 2, "here & there"}, {std::nan(""), 2, "nowhere"}};
  scatter.x.from = scatter.y.from = 0;
  scatter.x.to = scatter.y.to = 4;
  const std::string markup = chart(scatter).markup;
  EXPECT_GT(markup.find("class=\"place\">here &amp; there"), markup.rfind("<circle"));
  EXPECT_EQ(markup.find("nowhere"), std::string::npos);
}

}  // namespace
}  // namespace pyro::html
