"""Reference data of the demo: cities and industries. Factors and coefficients are examples to calibrate."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class City:
    """`division` is the six-digit administrative division of a registration number; `team` holds its clients."""

    code: str
    en: str
    zh: str
    factor: float
    tier: str
    division: str
    team: str


@dataclass(frozen=True, slots=True)
class Trade:
    """An industry with the shape of its accounts.

    `size_rule` is the group by whose rule its companies' size is classed. `words` name companies, `works` name projects.
    `margin` is the usual operating margin, `turnover` revenue ÷ assets, `inventory` and `receivables` shares of revenue,
    `gearing` what its leverage adds to the average.
    """

    code: str
    en: str
    zh: str
    size_rule: str
    risk: float
    weight: int
    margin: float
    turnover: float
    inventory: float
    receivables: float
    gearing: float
    words: tuple[tuple[str, str], ...]
    works: tuple[tuple[str, str], ...]


CITIES = (
    City("beijing", "Beijing", "北京", 1.18, "tier_1", "110105", "demo-north"),
    City("shanghai", "Shanghai", "上海", 1.20, "tier_1", "310115", "demo-east"),
    City("guangzhou", "Guangzhou", "广州", 1.14, "tier_1", "440106", "demo-south"),
    City("shenzhen", "Shenzhen", "深圳", 1.19, "tier_1", "440305", "demo-south"),
    City("chengdu", "Chengdu", "成都", 1.06, "new_tier_1", "510107", "demo-north"),
    City("hangzhou", "Hangzhou", "杭州", 1.13, "new_tier_1", "330106", "demo-east"),
    City("chongqing", "Chongqing", "重庆", 1.02, "new_tier_1", "500103", "demo-north"),
    City("wuhan", "Wuhan", "武汉", 1.04, "new_tier_1", "420106", "demo-south"),
    City("xian", "Xi'an", "西安", 1.00, "new_tier_1", "610113", "demo-north"),
    City("suzhou", "Suzhou", "苏州", 1.12, "new_tier_1", "320505", "demo-east"),
    City("tianjin", "Tianjin", "天津", 0.94, "new_tier_1", "120101", "demo-north"),
    City("nanjing", "Nanjing", "南京", 1.09, "new_tier_1", "320102", "demo-east"),
    City("changsha", "Changsha", "长沙", 1.03, "new_tier_1", "430102", "demo-south"),
    City("zhengzhou", "Zhengzhou", "郑州", 0.96, "new_tier_1", "410105", "demo-north"),
    City("qingdao", "Qingdao", "青岛", 1.02, "new_tier_1", "370202", "demo-north"),
    City("ningbo", "Ningbo", "宁波", 1.07, "new_tier_1", "330203", "demo-east"),
    City("wuxi", "Wuxi", "无锡", 1.06, "tier_2", "320211", "demo-east"),
    City("hefei", "Hefei", "合肥", 1.03, "tier_2", "340104", "demo-east"),
    City("xiamen", "Xiamen", "厦门", 1.04, "tier_2", "350203", "demo-south"),
    City("jinan", "Jinan", "济南", 0.98, "tier_2", "370102", "demo-north"),
    City("kunming", "Kunming", "昆明", 0.88, "tier_2", "530102", "demo-south"),
    City("luoyang", "Luoyang", "洛阳", 0.86, "other", "410305", "demo-north"),
    City("mianyang", "Mianyang", "绵阳", 0.90, "other", "510703", "demo-north"),
    City("ganzhou", "Ganzhou", "赣州", 0.84, "other", "360702", "demo-south"),
)

TRADES = (
    Trade("new-energy", "New energy", "新能源", "manufacturing", 0.92, 10, 0.13, 0.55, 0.10, 0.20, 0.06,
          (("新能源科技", "New Energy Technology"), ("光伏电力", "Solar Power"), ("储能技术", "Energy Storage")),
          (("分布式光伏电站", "Distributed Solar Plant"), ("储能示范电站", "Storage Demonstration Plant"),
           ("陆上风电场", "Onshore Wind Farm"))),
    Trade("advanced-manufacturing", "Advanced manufacturing", "高端制造", "manufacturing",
          0.95, 14, 0.11, 0.85, 0.15, 0.18, 0.0,
          (("精密制造", "Precision Manufacturing"), ("智能装备", "Smart Equipment"), ("机器人", "Robotics")),
          (("智能装备产业园", "Smart Equipment Park"), ("精密部件工厂", "Precision Parts Plant"))),
    Trade("automotive", "Automotive", "汽车", "manufacturing", 1.04, 8, 0.07, 1.05, 0.14, 0.19, 0.03,
          (("汽车零部件", "Auto Parts"), ("汽车电子", "Auto Electronics")),
          (("新能源汽车零部件基地", "EV Parts Base"), ("汽车电子生产线", "Auto Electronics Line"))),
    Trade("electronics", "Electronics and semiconductors", "电子与半导体", "manufacturing",
          0.98, 10, 0.12, 0.80, 0.14, 0.20, -0.03,
          (("微电子", "Microelectronics"), ("半导体", "Semiconductor"), ("光电", "Optoelectronics")),
          (("封装测试线", "Packaging and Test Line"), ("显示模组工厂", "Display Module Plant"))),
    Trade("chemicals", "Chemicals and materials", "化工与材料", "manufacturing", 1.10, 8, 0.08, 0.90, 0.13, 0.13, 0.02,
          (("新材料", "Advanced Materials"), ("化工", "Chemicals")),
          (("特种材料生产基地", "Specialty Materials Base"), ("绿色化工园", "Green Chemicals Park"))),
    Trade("construction", "Construction", "建筑", "construction", 1.18, 9, 0.05, 0.95, 0.20, 0.27, 0.12,
          (("建设工程", "Construction Engineering"), ("市政工程", "Municipal Engineering")),
          (("保障性住房", "Affordable Housing"), ("市政综合管廊", "Utility Tunnel"))),
    Trade("real-estate", "Real estate", "房地产", "real_estate", 1.32, 5, 0.10, 0.28, 0.45, 0.06, 0.16,
          (("置业", "Properties"), ("城市更新", "Urban Renewal")),
          (("城市更新片区", "Urban Renewal District"), ("租赁住房社区", "Rental Housing Community"))),
    Trade("transport", "Transport and logistics", "交通运输与物流", "transport", 1.02, 8, 0.08, 0.70, 0.02, 0.15, 0.05,
          (("供应链", "Supply Chain"), ("港口物流", "Port Logistics"), ("航运", "Shipping")),
          (("多式联运枢纽", "Intermodal Hub"), ("冷链物流园", "Cold Chain Park"))),
    Trade("environment", "Environmental services", "环保", "other", 0.96, 6, 0.12, 0.45, 0.04, 0.28, 0.07,
          (("环境科技", "Environmental Technology"), ("水务", "Water")),
          (("污水处理厂", "Wastewater Plant"), ("垃圾焚烧发电厂", "Waste-to-Energy Plant"))),
    Trade("health", "Health and pharmaceuticals", "医药健康", "manufacturing", 0.90, 8, 0.16, 0.65, 0.12, 0.18, -0.08,
          (("生物医药", "Biopharma"), ("医疗器械", "Medical Devices")),
          (("生物医药产业园", "Biopharma Park"), ("区域医疗中心", "Regional Medical Centre"))),
    Trade("software", "Software and information", "软件与信息", "software", 0.94, 9, 0.15, 0.85, 0.02, 0.24, -0.10,
          (("信息技术", "Information Technology"), ("软件", "Software"), ("数据科技", "Data Technology")),
          (("数据中心", "Data Centre"), ("工业互联网平台", "Industrial Internet Platform"))),
    Trade("agriculture", "Agriculture and food", "农业与食品", "agriculture", 1.06, 6, 0.07, 0.95, 0.15, 0.10, 0.02,
          (("农业科技", "Agritech"), ("食品", "Foods")),
          (("智慧农业示范区", "Smart Farming Zone"), ("食品加工基地", "Food Processing Base"))),
    Trade("wholesale-retail", "Wholesale and retail", "批发零售", "wholesale", 1.12, 7, 0.04, 1.90, 0.12, 0.09, 0.06,
          (("商贸", "Trading"), ("连锁零售", "Chain Retail")),
          (("商品交易中心", "Commodity Exchange Centre"), ("区域配送中心", "Regional Distribution Centre"))),
    Trade("tourism", "Culture and tourism", "文化旅游", "lodging", 1.15, 4, 0.09, 0.40, 0.03, 0.06, 0.08,
          (("文化旅游", "Culture and Tourism"), ("酒店管理", "Hotel Management")),
          (("文旅小镇", "Culture and Tourism Town"), ("滨水度假区", "Waterfront Resort"))),
)  # fmt: skip
