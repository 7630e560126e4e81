starbook.texts(1,"35e1a4ab4fe8",[["2 stories"],["no story yet"],["2 stories"]]);
